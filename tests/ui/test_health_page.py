"""The page "Health": what the server measured, as it measures it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.slow

OpenPage = Callable[..., Any]
Serious = Callable[[Any], dict[str, list[str]]]


@pytest.fixture
def eventful(shop_api: httpx.Client) -> httpx.Client:
    """The shop after a run that failed and a request that was refused."""
    body = {"customer_id": "5f5f5f5f5f5f5f5f5f5f5f5f", "lines": [{"sku": "MUG-1", "quantity": 1}]}
    location = shop_api.post("/api/flows/orders/runs", json=body).headers["location"]
    for _ in range(200):
        if shop_api.get(location).json()["state"] != "running":
            break
    assert shop_api.get(location).json()["state"] == "failed"
    assert shop_api.post("/api/customers", json={}).status_code == 422
    return shop_api


def _section(page: Any, name: str) -> Any:
    return page.get_by_role("region", name=name, exact=True)


def test_it_shows_what_happened(eventful: httpx.Client, open_page: OpenPage) -> None:
    page = open_page("/monitor")

    exceptions = _section(page, "Exceptions")
    group = exceptions.locator("summary", has_text="UnknownRecordError").first
    group.focus()
    page.keyboard.press("Enter")
    traceback = exceptions.locator("details[open] pre").inner_text()
    assert re.search(r"operations/orders\.py:\d+ in place", traceback)

    routes = _section(page, "Routes")
    routes.get_by_role("button", name="4xx").click()
    assert routes.locator("th[aria-sort=descending]").inner_text().startswith("4xx")
    counts = routes.locator("tbody tr td:nth-child(3)").all_inner_texts()
    assert [int(count) for count in counts] == sorted(map(int, counts), reverse=True)
    refused = routes.locator("tbody tr", has_text="POST /api/customers")
    assert int(refused.locator("td").nth(1).inner_text()) >= 1

    flow = _section(page, "Data flow").locator("tbody tr", has_text="orders.place")
    assert "Customer (declared and seen)" in flow.text_content()
    assert flow.get_by_role("link").get_attribute("href") == "/operations/orders.place"


def test_the_graph_says_what_was_declared_and_what_was_seen(
    eventful: httpx.Client, open_page: OpenPage, serious: Serious
) -> None:
    page = open_page("/flows")

    def meddled(route: Any) -> None:
        response = route.fetch()
        statistics = response.json()
        access = {"reads": 2, "writes": 1, "errors": 0, "total_ms": 3.0, "max_ms": 2.0}
        statistics["data_access"].setdefault("orders.place", {})["payments"] = access
        statistics["data_access"].pop("orders.ship", None)
        route.fulfill(response=response, json=statistics)

    page.route("**/selfaware/stats", meddled)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Health").click()
    section = _section(page, "Data flow")
    rows = section.locator("tbody tr")
    rows.filter(has_text="Payment (seen, not declared)").first.wait_for()
    differing = rows.filter(has_text="(seen, not declared)").all_inner_texts()
    assert any(text.startswith("orders.place") for text in differing)
    assert rows.all_inner_texts()[: len(differing)] == differing, "they come first"

    graph = section.get_by_role("region", name="Data flow as a graph")
    said = {
        verdict: set(graph.locator(f"path.data-{verdict} title").all_text_contents())
        for verdict in ("used", "unseen", "undeclared")
    }
    assert "orders.place writes Order: declared and seen" in said["used"]
    assert "orders.ship reads Order: declared, not seen yet" in said["unseen"]
    assert "orders.place reads Payment: seen, not declared" in said["undeclared"]
    assert "orders.place writes Payment: seen, not declared" in said["undeclared"]
    words = graph.get_by_role("link", name="Place.").get_attribute("aria-label")
    assert "Payment (seen, not declared)" in words
    legend = section.locator(".data-legend").all_inner_texts()
    assert legend == ["declared and seen", "declared, not seen yet", "seen, not declared"]

    section.get_by_label("Which operations the graph shows").click()
    page.locator(".ant-select-item-option", has_text="All operations").dispatch_event("click")
    graph.get_by_role("link", name="Import suppliers.").wait_for()
    page.get_by_role("button", name="Pause").click()
    assert serious(page) == {}


def test_events_arrive_and_are_searched(eventful: httpx.Client, open_page: OpenPage) -> None:
    page = open_page("/monitor")
    events = _section(page, "Events")
    events.get_by_text("As they happen.").wait_for()
    rows = events.locator("tbody tr")

    eventful.get("/api/customers/no-such-id")
    rows.first.get_by_text("GET /api/customers/{id}").wait_for()

    events.get_by_role("textbox", name="Search events").fill("post /api/customers")
    assert "→ 422" in rows.first.inner_text()
    assert all("POST /api/customers" in text for text in rows.all_inner_texts())
    events.get_by_role("textbox", name="Search events").fill("nothing like that")
    events.get_by_text("No event fits.").wait_for()


def test_charts_are_read_with_the_keyboard_and_pause(
    eventful: httpx.Client, open_page: OpenPage
) -> None:
    page = open_page("/monitor")
    asked: list[str] = []
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Go on").wait_for()
    page.on("request", lambda request: asked.append(request.url))
    for title, reading in (("Requests", "all"), ("Errors", "4xx"), ("Latency", "p99")):
        chart = page.get_by_role("img", name=re.compile(rf"^{title}\. "))
        chart.focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        shown = page.locator("figure", has=chart).locator(".chart-reading").inner_text()
        assert re.match(rf"\d\d:\d\d:\d\d: .*{reading} ", shown)
    page.wait_for_timeout(2_500)
    assert asked == [], "a paused page asks for nothing"


def test_who_is_not_on_the_machine_is_told_why(
    clinic: Any, clinic_page: OpenPage, serious: Serious
) -> None:
    page = clinic_page("/monitor", clinic.full)
    # A proxy names itself so; the statistics are not for whoever comes through one.
    page.set_extra_http_headers({"Via": "1.1 proxy"})
    page.reload()

    page.get_by_role("heading", name="Not for this computer").wait_for()
    assert page.locator(".ant-alert").count() == 0
    menu = page.get_by_role("navigation", name="Main").get_by_role("link")
    assert "Health" not in menu.all_inner_texts(), "what is refused is not offered"
    assert serious(page) == {}
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{clinic.url}/")
    _section(page, "Needs attention").get_by_text("server's own machine").wait_for()
    assert page.locator(".ant-alert").count() == 0
    assert not [url for url in asked if "/selfaware/" in url]
