"""Flows in the admin UI: the graph, a run from its parameters to its results, and what failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.slow

OpenPage = Callable[..., Any]
Serious = Callable[[Any], dict[str, list[str]]]


def test_the_flows_there_are(open_page: OpenPage, shop_api: httpx.Client) -> None:
    page = open_page("/flows")
    names = [item["name"] for item in shop_api.get("/api/capabilities").json()["flows"]]
    cards = page.locator(".flow-card")
    assert [cards.nth(index).get_attribute("href") for index in range(cards.count())] == [
        f"/flows/{name}" for name in names
    ]
    page.get_by_role("region", name="Newest runs").wait_for()
    assert page.get_by_role("link", name="Prefect").count() == 0  # nothing was deployed


def test_the_graph_has_each_step_and_each_edge(open_page: OpenPage, shop_api: httpx.Client) -> None:
    page = open_page("/flows/orders")
    plan = shop_api.get("/api/flows/orders").json()
    graph = page.get_by_role("region", name="Graph of the flow")
    graph.wait_for()
    nodes = graph.locator("a.graph-node")
    assert {nodes.nth(index).get_attribute("href") for index in range(nodes.count())} == {
        f"/operations/{step['operation']}" for step in plan["steps"]
    }
    assert graph.locator("path.graph-edge").count() == len(plan["edges"])
    assert graph.locator(".graph-group text").all_text_contents() == ["Checkout"]
    assert "it makes Payment" in "".join(graph.locator("title").all_text_contents())


def test_what_runs_first_is_drawn_first(open_page: OpenPage, shop_api: httpx.Client) -> None:
    for width, side in ((1440, "x"), (390, "y")):
        page = open_page("/flows/orders", width=width)
        graph = page.get_by_role("region", name="Graph of the flow")
        graph.wait_for()

        def at(operation: str) -> float:
            node = graph.locator(f'a[href="/operations/{operation}"] rect').first  # noqa: B023
            place: float = node.bounding_box()[side]  # noqa: B023
            return place

        for edge in shop_api.get("/api/flows/orders").json()["edges"]:
            assert at(edge["before"]) < at(edge["after"]), edge


def test_stages_stand_around_their_steps(open_page: OpenPage) -> None:
    page = open_page("/flows/reports")
    graph = page.get_by_role("region", name="Graph of the flow")
    graph.wait_for()
    assert graph.locator(".graph-stage text").all_text_contents() == [
        "Stage collect",
        "Stage publish",
    ]
    stage = graph.locator(".graph-stage rect").first.bounding_box()
    for name in ("sales", "stock", "customers"):
        node = graph.locator(f'a[href="/operations/reports.{name}"] rect').first.bounding_box()
        assert stage["x"] < node["x"]
        assert node["x"] + node["width"] < stage["x"] + stage["width"]
        assert stage["y"] < node["y"]
        assert node["y"] + node["height"] < stage["y"] + stage["height"]


def test_the_graph_is_walked_with_the_keyboard(open_page: OpenPage) -> None:
    page = open_page("/flows/orders")
    node = page.get_by_role("link", name="Reserve stock, after Place")
    node.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Reserve stock", level=1).wait_for()


def test_a_flow_is_checked_started_and_followed(open_page: OpenPage) -> None:
    page = open_page("/flows/orders")
    page.get_by_role("button", name="Start").click()
    page.get_by_text("not right yet").wait_for()
    page.get_by_label("Customer ID").click()
    page.get_by_title("Ada Lovelace").first.click()
    page.get_by_label("SKU").fill("MUG-1")
    page.get_by_label("Quantity").fill("1")
    page.get_by_role("button", name="Check only").click()
    page.get_by_text("The parameters are fine").wait_for()

    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/flows/orders/runs/*")
    page.get_by_text("8 of 8 steps done").wait_for(timeout=30_000)
    assert page.locator(".graph-succeeded").count() == 8
    results = page.get_by_role("region", name="Results")
    assert "Dear Ada Lovelace" in results.inner_text()
    page.get_by_role("region", name="Parameters").get_by_role(
        "link", name="Ada Lovelace"
    ).wait_for()


def test_a_failed_run_says_where_and_is_resumed(
    open_page: OpenPage, shop_api: httpx.Client
) -> None:
    customer = shop_api.get("/api/customers").json()["items"][0]["id"]
    asked = {"customer_id": customer, "lines": [{"sku": "GONE", "quantity": 1}]}
    run = shop_api.post("/api/flows/orders/runs", json=asked).json()["id"]

    page = open_page(f"/flows/orders/runs/{run}")
    page.get_by_text("Not for sale: GONE").first.wait_for()
    assert page.locator(".graph-failed").get_attribute("href") == "/operations/orders.place"
    assert page.locator(".graph-pending").count() == 7

    page.get_by_role("button", name="Start again").click()
    page.wait_for_url("**/flows/orders")
    assert page.get_by_label("SKU").input_value() == "GONE"
    page.go_back()

    page.get_by_role("button", name="Resume").click()
    page.wait_for_url(lambda url: "/runs/" in url and run not in url)
    page.get_by_text("Not for sale: GONE").first.wait_for()
    resumed = shop_api.get(f"/api/runs/{page.url.rpartition('/')[2]}").json()
    assert resumed["root"] == run


def test_what_became_of_the_steps_of_a_failed_run(
    open_page: OpenPage, shop_api: httpx.Client, serious: Serious
) -> None:
    customer = shop_api.get("/api/customers").json()["items"][0]["id"]
    asked = {"customer_id": customer, "lines": [{"sku": "GONE", "quantity": 1}]}
    run = shop_api.post("/api/flows/orders/runs", json=asked).json()["id"]

    # No step of the shop has an `on_failure`: the answer is given what one would say.
    def with_the_aftermath(route: Any) -> None:
        answer = route.fetch()
        body = answer.json()
        for step, became in zip(
            body["steps"], ({"undone": True}, {"undone": False}, {"acting": True}), strict=False
        ):
            step.update(became)
        route.fulfill(response=answer, json=body)

    page = open_page("/flows")
    page.route(f"**/api/runs/{run}", with_the_aftermath)
    page.goto(f"{page.url}/orders/runs/{run}")
    for word in ("undone", "could not be undone", "went on after the run"):
        page.get_by_text(word, exact=True).wait_for()
    assert serious(page) == {}


def test_a_run_that_there_is_not(open_page: OpenPage) -> None:
    page = open_page("/flows")
    page.goto(page.url + "/orders/runs/nothing")
    page.get_by_text("There is no such run").wait_for()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_nothing_serious_and_nothing_too_wide(
    open_page: OpenPage, shop_api: httpx.Client, serious: Serious, scheme: str, width: int
) -> None:
    runs = shop_api.get("/api/runs?flow=orders").json()["items"]
    states = {run["state"]: run["id"] for run in runs}
    paths = ["/flows", "/flows/orders", "/flows/reports"]
    for path in (*paths, *(f"/flows/orders/runs/{run}" for run in states.values())):
        page = open_page(path, scheme=scheme, width=width)
        page.wait_for_selector(".flow-card, .graph-node")
        assert serious(page) == {}, path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
