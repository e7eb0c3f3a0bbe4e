"""Operations in the admin UI: the catalogue, forms, checks, runs and the history of a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.slow

OpenPage = Callable[..., Any]
Serious = Callable[[Any], dict[str, list[str]]]


def choose_customer(page: Any) -> None:
    page.get_by_label("Customer ID").click()
    page.get_by_title("Ada Lovelace").first.click()


def history_of(page: Any) -> list[dict[str, Any]]:
    """Return what the browser keeps of what was run, whoever ran it."""
    stored: list[str] = page.evaluate(
        "Object.entries(localStorage).filter(([key]) => key.startsWith('pulpo.history'))"
        ".map(([, text]) => text)"
    )
    return [call for text in stored for call in json.loads(text)]


def test_the_catalogue_lists_what_may_be_run_by_flow(
    open_page: OpenPage, shop_api: httpx.Client
) -> None:
    page = open_page("/operations")
    names = {item["name"] for item in shop_api.get("/api/capabilities").json()["operations"]}

    links = page.locator(".row-name")
    paths = {links.nth(index).get_attribute("href") for index in range(links.count())}
    assert paths == {f"/operations/{name}" for name in names}
    orders = page.get_by_role("region", name="Orders")
    assert "Checkout › Reserve stock" in orders.inner_text()
    assert "Reads Customers, Products" in orders.inner_text()
    assert orders.get_by_role("link", name="Flow orders").get_attribute("href") == "/flows/orders"
    checks = page.get_by_role("region", name="Checks")
    assert checks.locator("li", has_text="Wait").get_by_text("In the background").count() == 1
    assert checks.locator("li", has_text="Login").get_by_text("In the background").count() == 0


def test_the_catalogue_can_be_searched(open_page: OpenPage) -> None:
    page = open_page("/operations")
    page.get_by_label("Search operations").fill("carrier")
    page.wait_for_url("**?q=carrier")
    page.locator(".row-name", has_text="Import categories").wait_for(state="detached")
    assert page.locator(".row-name").all_inner_texts() == ["Ship"]
    page.get_by_label("Search operations").fill("nothing like that")
    page.get_by_text("No operation fits this search.").wait_for()


def test_an_operation_is_checked_run_and_run_again(
    open_page: OpenPage, shop_api: httpx.Client
) -> None:
    def orders() -> int:
        count: int = shop_api.get("/api/orders:count").json()["count"]
        return count

    before = orders()
    page = open_page("/operations/orders.place")
    choose_customer(page)
    page.get_by_label("SKU").fill("MUG-1")
    page.get_by_label("Quantity").fill("1")

    page.get_by_role("button", name="Check only").click()
    page.get_by_text("The input is fine").wait_for()
    assert orders() == before

    page.get_by_role("button", name="Run").click()
    result = page.get_by_role("region", name="Result")
    result.get_by_text("Succeeded").wait_for()
    assert orders() == before + 1
    # The id of the order leads to it, under its number.
    assert result.get_by_role("link").first.get_attribute("href").startswith("/models/orders/show/")

    page.goto(page.url.replace("/orders.place", ""))
    page.get_by_role("button", name="Run again").first.click()
    page.get_by_label("SKU").wait_for()
    assert page.get_by_label("SKU").input_value() == "MUG-1"
    page.get_by_role("button", name="Run", exact=True).click()
    result.get_by_text("Succeeded").wait_for()
    assert orders() == before + 2


def test_an_error_of_the_server_stands_at_its_field(open_page: OpenPage) -> None:
    """The form knows of a pattern only what the schema says: the server has the last word."""
    page = open_page("/operations/catalog.import_suppliers")

    def refuse(route: Any) -> None:
        problem = {
            "title": "Unprocessable",
            "status": 422,
            "code": "invalid_request",
            "errors": [
                {
                    "pointer": "#/suppliers/0/name",
                    "in": "body",
                    "detail": "is not a supplier",
                    "code": "x",
                }
            ],
        }
        route.fulfill(status=422, content_type="application/problem+json", body=json.dumps(problem))

    page.route("**/api/operations/catalog.import_suppliers*", refuse)
    page.get_by_role("button", name="Add").click()
    page.get_by_label("Code").fill("ACME")
    page.get_by_label("Name").fill("Acme")
    page.get_by_role("button", name="Run").click()

    page.get_by_text("The input is not right yet").wait_for()
    field = page.locator(".ant-form-item-has-error", has_text="is not a supplier")
    assert field.get_by_label("Name").input_value() == "Acme"


def test_the_server_refuses_what_the_form_does_not_know(open_page: OpenPage) -> None:
    page = open_page("/operations/orders.place")
    choose_customer(page)
    page.get_by_label("SKU").fill("NO-SUCH")
    page.get_by_label("Quantity").fill("1")
    page.get_by_role("button", name="Run").click()
    result = page.get_by_role("region", name="Result")
    result.get_by_text("Not for sale: NO-SUCH").wait_for()
    assert [call["outcome"] for call in history_of(page)][:1] == ["failed"]


def test_what_the_form_does_know_is_not_sent(open_page: OpenPage) -> None:
    page = open_page("/operations/checks.wait")
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.method))
    page.get_by_label("Seconds").fill("900")
    page.get_by_role("button", name="Run").click()
    page.get_by_text("One field is not right yet.").wait_for()
    assert "POST" not in sent


def test_a_long_run_is_followed_to_its_result(open_page: OpenPage) -> None:
    page = open_page("/operations/checks.wait")
    page.get_by_label("Seconds").fill("1.5")
    page.get_by_role("button", name="Run").click()
    result = page.get_by_role("region", name="Result")
    result.get_by_text("Running").wait_for()
    page.reload()  # the address says which run is looked at
    result.get_by_text("Succeeded").wait_for()
    assert "one" in result.inner_text()
    page.wait_for_function("JSON.stringify(localStorage).includes('succeeded')")
    assert [call["outcome"] for call in history_of(page)][:1] == ["succeeded"]


def test_a_long_run_is_cancelled(open_page: OpenPage, shop_api: httpx.Client) -> None:
    page = open_page("/operations/checks.wait")
    page.get_by_label("Seconds").fill("50")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("It was cancelled; there is no result.").wait_for()
    run = page.url.partition("run=")[2]
    assert shop_api.get(f"/api/runs/{run}").json()["state"] == "cancelled"


def test_secrets_are_not_kept(open_page: OpenPage) -> None:
    page = open_page("/operations/checks.login")
    page.get_by_role("textbox", name="User").fill("ada")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_label("API token").fill("battery staple")
    assert page.get_by_label("Password").get_attribute("type") == "password"
    page.get_by_role("button", name="Run").click()
    page.get_by_role("region", name="Result").get_by_text("Yes").wait_for()

    stored = page.evaluate("JSON.stringify({...localStorage})")
    assert "correct horse" not in stored
    assert "battery staple" not in stored
    (call,) = [call for call in history_of(page) if call["operation"] == "checks.login"]
    assert call["input"] == {"user": "ada"}
    assert call["hidden"] == ["password", "api_token"]


def test_the_history_is_bounded_and_can_be_forgotten(open_page: OpenPage) -> None:
    page = open_page("/operations/checks.wait")
    for _ in range(3):
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_text("Succeeded").first.wait_for()
    call = history_of(page)[0]
    many = json.dumps([{**call, "id": str(number)} for number in range(500)])
    page.evaluate(
        "(text) => Object.keys(localStorage).filter((key) => key.startsWith('pulpo.history'))"
        ".forEach((key) => localStorage.setItem(key, text))",
        many,
    )
    page.reload()
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_function(
        "Object.entries(localStorage).some(([key, text]) =>"
        " key.startsWith('pulpo.history') && JSON.parse(text).length === 50)"
    )
    page.get_by_role("button", name="Forget").click()
    page.get_by_role("tooltip").get_by_role("button", name="Forget").click()
    page.get_by_role("heading", name="Run in this browser").wait_for(state="detached")


def test_an_operation_that_there_is_not(open_page: OpenPage) -> None:
    browser = open_page("/operations")
    browser.goto(browser.url + "/orders.steal")
    browser.get_by_text("There is no such operation").wait_for()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
def test_nothing_serious_and_nothing_too_wide(
    open_page: OpenPage, serious: Serious, scheme: str, width: int
) -> None:
    for path in ("/operations", "/operations/orders.place", "/operations/checks.login"):
        page = open_page(path, scheme=scheme, width=width)
        page.wait_for_selector(".row-name, .schema-form")
        assert serious(page) == {}, path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page = open_page("/operations/orders.place", scheme=scheme, width=width)
    page.get_by_role("button", name="Run").click()
    page.get_by_text("not right yet").wait_for()
    assert serious(page) == {}
