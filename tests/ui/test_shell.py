"""Every page of the admin UI: at its own address, wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

OpenPage = Callable[..., Any]
Serious = Callable[[Any], dict[str, list[str]]]


def _addresses(api: httpx.Client) -> dict[str, str]:
    """Return the address of each kind of page, and its heading."""
    order = api.get("/api/orders", params={"page_size": 1}).json()["items"][0]
    run = api.get("/api/runs", params={"flow": "orders", "limit": 1}).json()["items"][0]
    return {
        "/": "Shop",
        "/models/orders": "Orders",
        "/models/orders/new": "New order",
        f"/models/orders/show/{order['id']}": order["number"],
        f"/models/orders/edit/{order['id']}": order["number"],
        "/operations": "Operations",
        "/operations/orders.place": "Place",
        "/flows": "Flows",
        "/flows/orders": "Orders",
        f"/flows/orders/runs/{run['id']}": "Orders",
        "/monitor": "Health",
        "/models/nothing": "There is no such",
    }


def _too_wide(page: Any) -> list[str]:
    """Return what stands out of the window, where the page can be scrolled sideways."""
    found: list[str] = page.evaluate("""() => {
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= width) return [];
        return [...document.querySelectorAll("body *")]
            .filter((one) => one.getBoundingClientRect().right > width)
            .map((one) => `${one.tagName}.${one.className} ${one.textContent.slice(0, 40)}`);
    }""")
    return found


def _look(page: Any, origin: str, path: str, heading: str) -> None:
    page.goto(origin + path)
    page.wait_for_selector(f"main h1:has-text('{heading}')")
    page.locator(".skeleton, .ant-spin-spinning").first.wait_for(state="detached")
    assert heading in page.title() or heading == "Shop" or "no such" in heading, path
    assert _too_wide(page) == [], path


def test_a_list_is_on_the_screen_after_one_request_for_each_part(
    shop_api: httpx.Client, open_page: OpenPage
) -> None:
    """What is asked for while the scripts load is what the page takes: nothing is asked twice."""
    page = open_page("/models/customers?sort=-name&size=10")
    row = page.locator(".documents tbody tr").first
    row.wait_for()
    asked: list[str] = page.evaluate(
        "performance.getEntriesByType('resource').map((one) => one.name)"
        ".filter((name) => name.includes('/api/') || name.includes('ui-config'))"
    )
    origin = str(shop_api.base_url).rstrip("/")
    assert sorted(asked) == [
        f"{origin}/api/capabilities",
        f"{origin}/api/capabilities/models/Customer",
        f"{origin}/api/customers?sort=-name&page=1&page_size=10",
    ]
    # What was loaded once needs no word with the server.
    page.reload()
    row.wait_for()
    sent: list[str] = page.evaluate(
        "performance.getEntriesByType('resource')"
        ".filter((one) => one.name.includes('/assets/') && one.transferSize > 0)"
        ".map((one) => one.name)"
    )
    assert sent == []


def test_every_page_opens_at_its_address(shop_api: httpx.Client, open_page: OpenPage) -> None:
    asked: set[str] = set()
    page = open_page("/", width=390)
    page.on("request", lambda request: asked.add(request.url))
    origin = str(shop_api.base_url).rstrip("/")
    for path, heading in _addresses(shop_api).items():
        _look(page, origin, path, heading)
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith((origin, "data:"))] == []


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_every_page_is_accessible(
    shop_api: httpx.Client, open_page: OpenPage, serious: Serious, scheme: str, width: int
) -> None:
    page = open_page("/", scheme=scheme, width=width)
    for path, heading in _addresses(shop_api).items():
        _look(page, str(shop_api.base_url).rstrip("/"), path, heading)
        assert serious(page) == {}, path


def test_no_text_becomes_code(shop_api: httpx.Client, browser: Any) -> None:
    policy = shop_api.get("/monitor").headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe-eval" not in policy

    page = browser.new_page()  # the browser says on the console what it refuses
    page.goto(f"{str(shop_api.base_url).rstrip('/')}/monitor")
    refused = page.evaluate("""() => new Promise((resolve) => {
        document.addEventListener("securitypolicyviolation", (event) => resolve(event.blockedURI));
        const script = document.createElement("script");
        script.textContent = "window.broken = true";
        document.head.append(script);
    })""")
    assert refused == "inline"
    assert page.evaluate("window.broken") is None
    page.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_keyboard_leads_from_the_menu_to_a_page(open_page: OpenPage, width: int) -> None:
    page = open_page("/", width=width)
    if width == 390:
        page.get_by_role("button", name="Menu").focus()
        page.keyboard.press("Enter")
    entry = page.get_by_role("navigation", name="Main").get_by_role("link", name="Health")
    entry.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("main h1:has-text('Health')")
    assert urlsplit(page.url).path == "/monitor"
