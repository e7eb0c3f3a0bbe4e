"""What pages look like in the middle of something: dialogs, menus, errors, nothing there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.slow

OpenPage = Callable[..., Any]
Serious = Callable[[Any], dict[str, list[str]]]
ADDRESS = {"street": "Main 1", "city": "Rome", "postal_code": "00100", "country": "IT"}
LIST = "/models/customers"


def _customer(api: httpx.Client) -> str:
    """Return the id of the customer that states are about, and whose name is as it was."""
    found = api.get("/api/customers", params={"email": "states@example.org"}).json()["items"]
    if found:
        api.patch(f"/api/customers/{found[0]['id']}", json={"name": "States"})
        return str(found[0]["id"])
    body = {"email": "states@example.org", "name": "States", "address": ADDRESS}
    return str(api.post("/api/customers", json=body).json()["id"])


def _choose_row(page: Any) -> None:
    page.get_by_role("checkbox", name="Choose all of this page").check()


def _answer(page: Any, path: str, status: int) -> None:
    problem = {"title": "Something failed", "status": status, "detail": "Nobody knows why."}
    page.route(path, lambda route: route.fulfill(status=status, json=problem))


def filter_dialog(open_: Callable[[str], Any], _: httpx.Client) -> Any:
    page = open_(LIST)
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("button", name="Condition").click()
    page.get_by_role("button", name="Group").click()
    page.get_by_role("dialog").get_by_role("combobox").first.wait_for()
    return page


def filters_in_use(open_: Callable[[str], Any], _: httpx.Client) -> Any:
    page = open_(f'{LIST}?filter={{"or":[{{"points":{{"gte":1}}}},{{"name":{{"eq":"Ada"}}}}]}}')
    page.get_by_role("region", name="Filters in use").wait_for()
    return page


def columns(open_: Callable[[str], Any], _: httpx.Client) -> Any:
    page = open_(LIST)
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("button", name="The usual columns").wait_for()
    return page


def row_menu(open_: Callable[[str], Any], _: httpx.Client) -> Any:
    page = open_(LIST)
    page.locator(".row-menu").first.click()
    page.get_by_role("menuitem", name="Delete").wait_for()
    return page


def rows_chosen(open_: Callable[[str], Any], _: httpx.Client) -> Any:
    page = open_(LIST)
    _choose_row(page)
    page.get_by_role("region", name="Chosen rows").wait_for()
    return page


def bulk_confirmation(open_: Callable[[str], Any], _: httpx.Client) -> Any:
    page = open_(LIST)
    _choose_row(page)
    page.get_by_role("region", name="Chosen rows").get_by_role("button", name="Delete").click()
    page.get_by_text("This cannot be undone.").wait_for()
    return page


def bulk_change(open_: Callable[[str], Any], _: httpx.Client) -> Any:
    page = open_(LIST)
    _choose_row(page)
    page.get_by_role("region", name="Chosen rows").get_by_role("button", name="Change").click()
    page.get_by_role("dialog").get_by_label("Field", exact=True).wait_for()
    return page


def nothing_fits(open_: Callable[[str], Any], _: httpx.Client) -> Any:
    page = open_(f"{LIST}?q=nobody-is-called-so")
    page.get_by_text("Nothing fits").wait_for()
    return page


def list_failed(open_: Callable[[str], Any], _: httpx.Client) -> Any:
    page = open_("/models/orders")
    _answer(page, "**/api/customers?**", 500)
    page.goto(page.url.replace("/models/orders", LIST))
    page.get_by_text("Nobody knows why.").wait_for()
    return page


def no_such_document(open_: Callable[[str], Any], _: httpx.Client) -> Any:
    page = open_(f"{LIST}/show/5f5f5f5f5f5f5f5f5f5f5f5f")
    page.get_by_role("heading", name="There is no such").wait_for()
    return page


def jump(open_: Callable[[str], Any], _: httpx.Client) -> Any:
    page = open_("/")
    page.get_by_role("button", name="Go to …").click()
    page.get_by_role("option").first.wait_for()
    return page


def refused_form(open_: Callable[[str], Any], _: httpx.Client) -> Any:
    page = open_(f"{LIST}/new")
    page.get_by_role("button", name="Create").click()
    page.get_by_text("not right yet").wait_for()
    return page


def conflict(open_: Callable[[str], Any], api: httpx.Client) -> Any:
    identifier = _customer(api)
    page = open_(f"{LIST}/edit/{identifier}")
    page.locator("#root_name").fill("Mine")
    api.patch(f"/api/customers/{identifier}", json={"name": "Theirs"})
    page.get_by_role("button", name="Save").click()
    page.get_by_role("dialog").get_by_role("region", name="Name").wait_for()
    return page


def login_with_a_token(open_: Callable[[str], Any], _: httpx.Client) -> Any:
    page = open_("/")

    def secured(route: Any) -> None:
        answer = route.fetch()
        text = answer.text().replace("&quot;none&quot;", "&quot;jwt&quot;")
        route.fulfill(response=answer, body=text)

    page.route("**/login", secured)
    page.goto(f"{page.url}login")
    page.get_by_label("Access token").wait_for()
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("The access token is needed.").wait_for()
    return page


STATES = {
    state.__name__: state
    for state in (
        filter_dialog,
        filters_in_use,
        columns,
        row_menu,
        rows_chosen,
        bulk_confirmation,
        bulk_change,
        nothing_fits,
        list_failed,
        no_such_document,
        jump,
        refused_form,
        conflict,
        login_with_a_token,
    )
}


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
@pytest.mark.parametrize("state", STATES)
def test_nothing_serious_in_any_state(
    open_page: OpenPage,
    shop_api: httpx.Client,
    serious: Serious,
    state: str,
    scheme: str,
    width: int,
) -> None:
    page = STATES[state](lambda path: open_page(path, scheme=scheme, width=width), shop_api)
    assert serious(page) == {}
    too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(too_wide)
