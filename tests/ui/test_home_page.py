"""The page "Home": what has failed, what there is, and what changed last."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

OpenPage = Callable[..., Any]


def test_what_failed_comes_first(shop_api: httpx.Client, open_page: OpenPage) -> None:
    body = {"customer_id": "5f5f5f5f5f5f5f5f5f5f5f5f", "lines": [{"sku": "MUG-1", "quantity": 1}]}
    for _ in range(2):
        location = shop_api.post("/api/flows/orders/runs", json=body).headers["location"]
        for _ in range(200):
            run = shop_api.get(location).json()
            if run["state"] != "running":
                break
        assert run["state"] == "failed"

    page = open_page("/monitor")

    def failing(route: Any) -> None:
        response = route.fetch()
        statistics = response.json()
        broken = {**statistics["requests"]["total"], "method": "GET", "route": "/broken"}
        statistics["requests"]["routes"].append({**broken, "count": 4, "server_errors": 3})
        route.fulfill(response=response, json=statistics)

    page.get_by_role("button", name="Pause").click()
    page.route("**/selfaware/stats", failing)
    page.goto(f"{str(shop_api.base_url).rstrip('/')}/")

    first = page.locator("main section").first
    assert first.get_by_role("heading").inner_text() == "Needs attention"
    # Other tests may have let flows fail for other reasons.
    runs = first.locator("li", has_text="failed run").filter(has_text="create one first")
    runs.wait_for()
    assert int(runs.locator(".chip").inner_text().split()[0]) >= 2
    assert runs.get_by_role("link").get_attribute("href") == f"/flows/orders/runs/{run['id']}"
    assert "in place" in first.locator("li", has_text="UnknownRecordError").first.inner_text()
    route = first.locator("li", has_text="GET /broken")
    route.wait_for()
    assert "3 of 4 requests failed" in route.inner_text()
    assert route.get_by_role("link").get_attribute("href") == "/monitor"


def test_counts_changes_and_links(shop_api: httpx.Client, open_page: OpenPage) -> None:
    body = {"slug": "newest-of-all", "title": "Newest of all"}
    made = shop_api.post("/api/categories", json=body)
    assert made.status_code == 201, made.text
    count = shop_api.get("/api/categories:count").json()["count"]

    page = open_page("/")
    card = page.locator("a.card", has_text="Categories")
    card.get_by_text(str(count), exact=True).wait_for()
    assert card.get_attribute("href") == "/models/categories"

    changes = page.get_by_role("region", name="Recent changes")
    changes.get_by_text("Newest of all").wait_for()
    newest = changes.locator("li").first
    assert newest.inner_text().startswith("Added")
    newest.get_by_role("link").click()
    page.wait_for_url(f"**/models/categories/show/{made.json()['id']}")

    page.go_back()
    links = page.get_by_role("navigation", name="Quick links").get_by_role("link")
    targets = [link.get_attribute("href") for link in links.all()]
    assert {"/models/orders/new", "/operations", "/flows", "/monitor"} <= set(targets)
    shop_api.delete(f"/api/categories/{made.json()['id']}")
