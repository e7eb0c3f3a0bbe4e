"""Who logs in with an API key is offered what the key may do, and nothing else.

The application is served below a prefix here, so that this is tried as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from pymongo import AsyncMongoClient, MongoClient

from pulpo_base.database.api_keys import ApiKeys

Serve = Callable[..., AbstractContextManager[httpx.Client]]
Serious = Callable[[Any], dict[str, list[str]]]

PREFIX = "/shop"
#: Answers that say that something should not have been offered.
NOT_OFFERED = {401, 403, 404, 405, 500, 503}
ADDRESS = {"street": "Kastanienallee 7", "city": "Berlin", "postal_code": "10435", "country": "DE"}


@dataclass(frozen=True)
class Site:
    """A served shop that asks for keys, and a key that has no permissions."""

    url: str
    key: str
    api: httpx.Client


@pytest.fixture(scope="module")
def site(shop: Path, serve: Serve, mongodb_url: str) -> Iterator[Site]:
    with MongoClient[dict[str, Any]](mongodb_url) as mongo, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PULPO_AUTH", "api_key")
        before = set(mongo.list_database_names())
        with serve(shop, "--root-path", PREFIX) as client:
            [database] = set(mongo.list_database_names()) - before
            key = asyncio.run(_made_key(mongodb_url, database))
            client.headers["X-API-Key"] = key
            body = {"email": "ada@example.org", "name": "Ada Lovelace", "address": ADDRESS}
            answer = client.post("/api/customers", json=body)
            assert answer.status_code == 201, answer.text
            yield Site(str(client.base_url).rstrip("/"), key, client)


async def _made_key(url: str, database: str) -> str:
    async with AsyncMongoClient[dict[str, Any]](url, tz_aware=True) as client:
        _, text = await ApiKeys(client[database]).create("Ada's laptop", ())
        return text


@pytest.fixture
def page(browser: Any, site: Site) -> Iterator[Any]:
    """A page below the prefix, as a proxy in front of the server would give it; logged out."""
    page = browser.new_page()
    page.set_default_timeout(10_000)
    page.set_viewport_size({"width": 1440, "height": 900})
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))

    def without_prefix(route: Any) -> None:
        path = route.request.url.removeprefix(site.url)
        if not path.startswith(f"{PREFIX}/"):
            failures.append(f"asked outside of the prefix: {path}")
        route.fulfill(response=route.fetch(url=site.url + path.removeprefix(PREFIX)))

    page.route(lambda url: "/selfaware/events/stream" not in url, without_prefix)
    page.route("**/selfaware/events/stream", lambda route: route.fulfill(body="retry: 1\n\n"))
    yield page
    page.close()
    assert failures == []


def _log_in(page: Any, key: str) -> None:
    page.get_by_label("API key").fill(key)
    page.get_by_role("button", name="Log in").click()


def test_a_deep_link_comes_back_after_the_login(site: Site, page: Any, serious: Serious) -> None:
    page.goto(f"{site.url}{PREFIX}/models/customers?q=Ada")
    page.wait_for_url("**/shop/login?to=*")
    assert serious(page) == {}

    _log_in(page, "pulpo_wrong")
    page.get_by_text("These credentials are not accepted.").wait_for()
    _log_in(page, site.key)
    page.wait_for_selector("main h1:has-text('Customers')")
    assert urlsplit(page.url).path == f"{PREFIX}/models/customers"
    page.get_by_role("link", name="Ada Lovelace").first.wait_for()

    page.get_by_role("button", name="Account of Ada's laptop").click()
    page.get_by_text("Log out").click()
    page.wait_for_url("**/shop/login*")
    page.goto(f"{site.url}{PREFIX}/operations")
    page.get_by_label("API key").wait_for()


def test_only_what_the_key_may_do_is_offered(site: Site, page: Any) -> None:
    permitted = site.api.get("/api/capabilities").json()
    names = {operation["name"] for operation in permitted["operations"]}
    every = site.api.get("/api/operations").json()
    page.goto(f"{site.url}{PREFIX}/operations")
    _log_in(page, site.key)
    page.wait_for_selector("main h1:has-text('Operations')")
    page.locator("main a[href*='/operations/']").first.wait_for()

    links = page.locator("main a[href*='/operations/']")
    offered = {link.get_attribute("href").rsplit("/", 1)[1] for link in links.all()}
    assert offered == names
    assert names < {operation["name"] for operation in every}

    refused = min({operation["name"] for operation in every} - names)
    page.goto(f"{site.url}{PREFIX}/operations/{refused}")
    page.wait_for_selector("main h1:has-text('There is no such')")


def test_the_api_accepts_whatever_is_offered(site: Site, page: Any) -> None:
    """Follow the menu, and press every button of every page that it leads to."""
    refused: list[str] = []

    def judged(response: Any) -> None:
        if response.status in NOT_OFFERED:
            refused.append(f"{response.status} {response.request.method} {response.url}")

    page.goto(f"{site.url}{PREFIX}/")
    _log_in(page, site.key)
    page.wait_for_selector("main h1:has-text('Shop')")
    page.on("response", judged)
    menu = page.get_by_role("navigation", name="Main").get_by_role("link")
    targets = [link.get_attribute("href") for link in menu.all()]
    assert len(targets) > 10
    pressed = 0
    for target in [*targets, f"{PREFIX}/models/customers/new", f"{PREFIX}/operations/orders.place"]:
        # Its neighbours of the same kind have the same controls.
        whole = not target.startswith(f"{PREFIX}/models/") or "customers" in target
        pressed += _pressed(page, site.url + target, whole=whole)
    assert pressed > 15
    assert refused == []


def _pressed(page: Any, address: str, *, whole: bool) -> int:
    """Open a page and press its buttons, one after the other; return how many there were."""
    page.goto(address)
    page.wait_for_selector("main h1")
    page.wait_for_function("document.querySelectorAll('.ant-skeleton').length === 0")
    assert page.locator("main .ant-alert-error").count() == 0, address
    if not whole:
        return 0
    count = int(page.locator("main button:visible:enabled").count())
    for index in range(count):
        button = page.locator("main button:visible:enabled").nth(index)
        if button.count() == 0:
            break
        button.click()
        page.keyboard.press("Escape")
        page.wait_for_timeout(60)
        if page.url != address or page.locator(".ant-modal-wrap:visible").count():
            page.goto(address)
            page.wait_for_selector("main h1")
            page.wait_for_timeout(200)
    return count
