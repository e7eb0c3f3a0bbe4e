"""Who logs in with an API key is offered what the key may do, and nothing else.

The application is served below a prefix here, so that this is tried as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

OpenPage = Callable[..., Any]
Serious = Callable[[Any], dict[str, list[str]]]


def _log_in(page: Any, key: str) -> None:
    page.get_by_label("API key").fill(key)
    page.get_by_role("button", name="Log in").click()


def test_a_deep_link_comes_back_after_the_login(
    clinic: Any, clinic_page: OpenPage, serious: Serious
) -> None:
    page = clinic_page("/models/animals?q=Kit")
    page.wait_for_url("**/vets/login?to=*")
    page.get_by_label("API key").wait_for()
    assert serious(page) == {}

    _log_in(page, "pulpo_wrong")
    page.get_by_text("These credentials are not accepted.").wait_for()
    _log_in(page, clinic.narrow)
    page.wait_for_selector("main h1:has-text('Animals')")
    assert urlsplit(page.url).path == "/vets/models/animals"
    page.get_by_role("link", name="Kit").first.wait_for()

    page.get_by_role("button", name="Account of Ada's laptop").click()
    page.get_by_text("Log out").click()
    page.wait_for_url("**/vets/login*")
    page.goto(f"{clinic.url}/operations")
    page.get_by_label("API key").wait_for()


@pytest.mark.parametrize(
    "to", ["//127.0.0.1.example/models", "https://example.org/", "/\\example.org"]
)
def test_a_login_leads_to_pages_of_ours_only(clinic: Any, clinic_page: OpenPage, to: str) -> None:
    page = clinic_page(f"/login?to={to}")
    _log_in(page, clinic.narrow)
    page.get_by_role("navigation", name="Main").wait_for()
    assert page.url == f"{clinic.url}/"


def test_only_what_the_key_may_do_is_offered(clinic: Any, clinic_page: OpenPage) -> None:
    page = clinic_page("/", clinic.narrow)
    menu = page.get_by_role("navigation", name="Main").get_by_role("link")
    assert menu.all_inner_texts() == [
        "Home", "Animals", "Visits", "Owners", "Operations", "Health"
    ]  # fmt: skip

    page.goto(f"{clinic.url}/operations")
    page.wait_for_selector("main .row-name")
    assert page.locator("main .row-name").all_inner_texts() == ["Bill"]
    for path in ("/operations/desk.plan", "/models/staff", "/flows/desk"):
        page.goto(clinic.url + path)
        page.wait_for_selector("main h1:has-text('There is no such')")

    # Animals may be read, and nothing else.
    page.goto(f"{clinic.url}/models/animals")
    page.get_by_role("link", name="Kit").wait_for()
    for name in ("New", "Actions of Kit"):
        assert page.get_by_role("button", name=name).count() == 0, name
    assert page.get_by_role("checkbox").count() == 0
    page.get_by_role("link", name="Kit").click()
    page.wait_for_selector("main h1:has-text('Kit')")
    assert page.get_by_role("link", name="Edit").count() == 0
    assert page.get_by_role("button", name="Delete").count() == 0
    for path in ("new", f"edit/{clinic.ids['animals']}"):
        page.goto(f"{clinic.url}/models/animals/{path}")
        page.wait_for_selector("main h1")
        assert page.locator("form").count() == 0, path
