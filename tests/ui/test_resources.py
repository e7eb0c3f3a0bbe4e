"""Lists, forms and pages of models in a browser, as somebody uses them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from gestures import choose, errors_at, query_of, shows

OpenPage = Callable[..., Any]
ADDRESS = {"street": "Main 1", "city": "Rome", "postal_code": "00100", "country": "IT"}


@pytest.fixture(scope="module")
def crowd(shop_api: httpx.Client) -> list[str]:
    """Thirty more customers, by id; the tenth and those after it are gold."""
    body = [
        {
            "email": f"crowd{number:02}@example.org",
            "name": f"Crowd {number:02}",
            "address": ADDRESS,
            "tier": "gold" if number >= 10 else "standard",
            "points": number,
        }
        for number in range(30)
    ]
    answer = shop_api.post("/api/customers:bulk_create", json=body).json()
    assert answer["succeeded"] == 30, answer
    return [result["id"] for result in answer["results"]]


def crowd_of(*numbers: int) -> list[str]:
    return [f"Crowd {number:02}" for number in numbers]


def test_a_list_is_searched_filtered_and_sorted_and_its_address_says_so(
    open_page: OpenPage, crowd: list[str]
) -> None:
    page = open_page("/models/customers?size=10&sort=-points")

    page.get_by_role("searchbox", name="Search name, email").fill("crowd")
    shows(page, *crowd_of(*range(29, 19, -1)))
    # The next page is behind the cursor of this one, any other is counted.
    page.get_by_role("button", name="Page 2").click()
    shows(page, *crowd_of(*range(19, 9, -1)))
    assert query_of(page)["after"]
    page.get_by_role("button", name="Page 3").click()
    shows(page, *crowd_of(*range(9, -1, -1)))
    page.get_by_role("button", name="Page 1").click()
    shows(page, *crowd_of(*range(29, 19, -1)))
    assert {"after", "page"}.isdisjoint(query_of(page))

    name = page.get_by_role("columnheader", name="Name").get_by_role("button")
    name.click(modifiers=["Shift"])
    page.wait_for_url("**sort=-points%2Cname*")
    page.get_by_role("button", name="Filter").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Condition").click()
    choose(page, "Field", "Points")
    choose(page, "How it is compared", "between")
    dialog.get_by_label("From").fill("3")
    dialog.get_by_label("To").fill("5")
    dialog.get_by_role("button", name="Group").click()
    dialog.get_by_role("button", name="Apply").click()
    page.wait_for_url("**filter=**")
    assert json.loads(query_of(page)["filter"]) == {"and": [{"points": {"between": [3, 5]}}]}
    assert "page" not in query_of(page)
    shows(page, *crowd_of(5, 4, 3))

    address = page.url
    page.get_by_role("region", name="Filters in use").get_by_label("Remove this filter").click()
    page.wait_for_url(lambda url: "filter" not in url)
    page.goto(address)
    shows(page, *crowd_of(5, 4, 3))


def test_chosen_rows_are_exported_changed_and_deleted(
    open_page: OpenPage, shop_api: httpx.Client, crowd: list[str]
) -> None:
    page = open_page("/models/customers?q=crowd&sort=name&size=10")
    shows(page, *crowd_of(*range(10)))
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="CSV, these columns").dispatch_event("click")
    lines = download.value.path().read_text("utf-8").splitlines()
    assert len(lines) == 31
    assert "Crowd 00" in lines[1]

    page.get_by_role("checkbox", name="Choose all of this page").check()
    chosen = page.get_by_role("region", name="Chosen rows")
    assert "10 chosen" in chosen.inner_text()
    chosen.get_by_role("button", name="Change").click()
    dialog = page.get_by_role("dialog")
    choose(page, "Field", "Tier")
    choose(page, "Tier", "Gold")
    dialog.get_by_role("button", name="Change 10").click()
    page.get_by_text("10 changed").wait_for()
    assert shop_api.get(f"/api/customers/{crowd[0]}").json()["tier"] == "gold"

    page.get_by_role("checkbox", name="Choose all of this page").check()
    chosen.get_by_role("button", name="Choose all that fit").click()
    page.get_by_text("30 chosen").wait_for()
    chosen.get_by_role("button", name="Choose none").click()

    page.get_by_label("Choose Crowd 00").check()
    page.get_by_label("Choose Crowd 01").check()
    chosen.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete 2").click()
    page.get_by_text("2 deleted").wait_for()
    assert shop_api.get(f"/api/customers/{crowd[1]}").status_code == 404
    shows(page, *crowd_of(*range(2, 12)))


def test_a_document_is_created_after_what_is_wrong_was_said_at_its_field(
    open_page: OpenPage, shop_api: httpx.Client
) -> None:
    page = open_page("/models/products/new")
    page.get_by_role("button", name="Create").click()
    assert errors_at(page, "sku") == "This is needed"
    page.locator("#root_sku").fill("PLATE-1")
    page.locator("#root_title").fill("Plate")
    page.locator("#root_category").click()
    page.locator(".ant-select-item-option", has_text="Kitchen").dispatch_event("click")
    # That there are two places after the point, only the server knows.
    page.locator("#root_price").fill("1.999")
    page.get_by_role("button", name="Create").click()
    page.locator(".ant-form-item-has-error").first.wait_for()
    assert "decimal" in errors_at(page, "price")

    # The way out asks first.
    page.get_by_role("link", name="Orders").click()
    page.get_by_role("button", name="Stay").click()
    assert page.url.endswith("/new")
    page.locator("#root_price").fill("1.99")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/show/**")
    (made,) = shop_api.get("/api/products", params={"sku": "PLATE-1"}).json()["items"]
    assert made["price"] == "1.99"
    kitchen = shop_api.get(f"/api/categories/{made['category']}").json()
    assert kitchen["title"] == "Kitchen"
    page.get_by_role("link", name="Kitchen").wait_for()


def test_two_who_change_the_same_document_are_merged_or_asked(
    open_page: OpenPage, shop_api: httpx.Client
) -> None:
    body = {"email": "twice@example.org", "name": "Twice", "address": ADDRESS}
    path = f"/api/customers/{shop_api.post('/api/customers', json=body).json()['id']}"
    edit = f"/models/customers/edit/{path.rsplit('/', 1)[1]}"

    page = open_page(edit)
    page.locator("#root_address_city").fill("Milan")
    shop_api.patch(path, json={"points": 7, "address": {"street": "Side 2"}})
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/show/**")
    stored = shop_api.get(path).json()
    assert (stored["points"], stored["address"]) == (
        7,
        {**ADDRESS, "city": "Milan", "street": "Side 2"},
    )

    page.goto(page.url.replace("/show/", "/edit/"))
    page.locator("#root_name").fill("Mine")
    page.locator("#root_points").fill("8")
    shop_api.patch(path, json={"name": "Theirs", "points": 9})
    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog")
    name = dialog.get_by_role("region", name="Name")
    assert name.inner_text().split("\n") == [
        "Name",
        "It was",
        "Twice",
        "Mine",
        "Mine",
        "Theirs",
        "Theirs",
    ]
    name.get_by_label("Theirs").check()
    dialog.get_by_role("button", name="Save this").click()
    page.wait_for_url("**/show/**")
    stored = shop_api.get(path).json()
    assert (stored["name"], stored["points"]) == ("Theirs", 8)
