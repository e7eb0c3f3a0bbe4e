"""A day's work in a project that the UI was not made for: lists, conflicts, flows, health, home."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from gestures import choose, query_of, shows

pytestmark = pytest.mark.slow

OpenPage = Callable[..., Any]


@pytest.fixture
def guests(clinic: Any) -> Iterator[list[str]]:
    """Twelve more owners, by id; each third is barred."""
    body = [
        {
            "full_name": f"Guest {number:02}",
            "standing": 9 if number % 3 == 0 else 1,
            "since": f"2026-01-{number + 1:02}",
        }
        for number in range(12)
    ]
    answer = clinic.api.post("/api/owners:bulk_create", json=body).json()
    assert answer["succeeded"] == 12, answer
    ids = [result["id"] for result in answer["results"]]
    yield ids
    clinic.api.post("/api/owners:bulk_delete", json=[{"id": one} for one in ids])


def guests_of(*numbers: int) -> list[str]:
    return [f"Guest {number:02}" for number in numbers]


@pytest.mark.usefixtures("guests")
def test_a_list_is_searched_filtered_sorted_and_paged(clinic: Any, clinic_page: OpenPage) -> None:
    page = clinic_page("/models/owners?size=5&sort=-since", clinic.full)
    shows(page, *guests_of(11, 10, 9, 8, 7))
    # What is done before the search has begun is not forgotten by it.
    page.get_by_role("searchbox", name="Search name in full").fill("guest")
    page.get_by_role("columnheader", name="Name in full").get_by_role("button").click()
    page.wait_for_url("**q=guest*")
    shows(page, *guests_of(0, 1, 2, 3, 4))
    assert query_of(page)["sort"] == "full_name"
    page.get_by_role("button", name="Page 2").click()
    shows(page, *guests_of(5, 6, 7, 8, 9))
    assert query_of(page)["after"]

    page.get_by_role("button", name="Filter").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Condition").click()
    choose(page, "Field", "Since")
    choose(page, "How it is compared", "from")
    dialog.get_by_label("Value", exact=True).fill("2026-01-09")
    dialog.get_by_label("Value", exact=True).press("Enter")
    dialog.get_by_role("button", name="Apply").click()
    shows(page, *guests_of(8, 9, 10, 11))

    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="Phones").click()  # it moves to those shown
    page.get_by_role("columnheader", name="Phones").wait_for()
    page.wait_for_url("**columns=*phones*")


def test_chosen_rows_are_changed_exported_and_deleted(
    clinic: Any, clinic_page: OpenPage, guests: list[str]
) -> None:
    page = clinic_page("/models/owners?q=guest&sort=full_name&size=5", clinic.full)
    shows(page, *guests_of(*range(5)))
    page.get_by_role("checkbox", name="Choose all of this page").check()
    chosen = page.get_by_role("region", name="Chosen rows")
    chosen.get_by_role("button", name="Choose all that fit").click()
    page.get_by_text("12 chosen").wait_for()
    chosen.get_by_role("button", name="Change").click()
    choose(page, "Field", "Channel")
    choose(page, "Channel", "Letter")
    page.get_by_role("dialog").get_by_role("button", name="Change 12").click()
    page.get_by_text("12 changed").wait_for()
    stored = [clinic.api.get(f"/api/owners/{one}").json()["channel"] for one in guests]
    assert set(stored) == {"letter"}

    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="JSON lines, all fields").dispatch_event("click")
    lines = download.value.path().read_text("utf-8").splitlines()
    assert [json.loads(line)["full_name"] for line in lines] == guests_of(*range(12))

    page.get_by_label("Choose Guest 00").check()
    chosen.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete 1").click()
    shows(page, *guests_of(*range(1, 6)))
    assert clinic.api.get(f"/api/owners/{guests[0]}").status_code == 404


def test_two_who_change_the_same_document_are_merged_or_asked(
    clinic: Any, clinic_page: OpenPage, guests: list[str]
) -> None:
    path = f"/api/owners/{guests[1]}"
    page = clinic_page(f"/models/owners/edit/{guests[1]}", clinic.full)
    page.get_by_label("Name in full").fill("Guest, renamed")
    clinic.api.patch(path, json={"vat_id": "IT1"})
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/show/**")
    stored = clinic.api.get(path).json()
    assert (stored["full_name"], stored["vat_id"]) == ("Guest, renamed", "IT1")

    page.goto(page.url.replace("/show/", "/edit/"))
    page.get_by_label("Name in full").fill("Mine")
    clinic.api.patch(path, json={"full_name": "Theirs"})
    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("region", name="Name in full").get_by_label("Mine").check()
    dialog.get_by_role("button", name="Save this").click()
    page.wait_for_url("**/show/**")
    assert clinic.api.get(path).json()["full_name"] == "Mine"


def test_the_way_out_of_a_form_asks_first(clinic: Any, clinic_page: OpenPage) -> None:
    page = clinic_page("/models/staff/new", clinic.full)
    page.get_by_label("Name").fill("Dr. Nobody")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Visits").click()
    page.get_by_role("button", name="Stay").click()
    assert page.url.endswith("/new")
    assert page.get_by_label("Name").input_value() == "Dr. Nobody"


def test_a_document_shows_what_points_at_it(clinic: Any, clinic_page: OpenPage) -> None:
    page = clinic_page(f"/models/animals/show/{clinic.ids['animals']}", clinic.full)
    page.get_by_role("link", name="Ada Lovelace").wait_for()
    related = page.get_by_role("region", name="Related")
    related.get_by_text("No animals yet").wait_for()
    related.get_by_role("tab", name="Visits").click()
    related.get_by_role("link", name="Dr. Eve").wait_for()


def test_a_flow_is_checked_started_and_followed(clinic: Any, clinic_page: OpenPage) -> None:
    page = clinic_page("/flows/desk", clinic.full)
    graph = page.get_by_role("region", name="Graph of the flow")
    graph.get_by_role("link", name="Bill, after Plan").wait_for()
    assert graph.locator("a.graph-node").count() == 2
    choose(page, "Animal ID", "Kit")
    page.get_by_label("At", exact=True).fill("2026-06-01 09:00:00")
    page.get_by_label("At", exact=True).press("Enter")
    choose(page, "Treatment", "Advice")
    page.get_by_label("Text").fill("More sleep")
    page.get_by_role("button", name="Check only").click()
    page.get_by_text("The parameters are fine").wait_for()
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/flows/desk/runs/*")
    page.get_by_text("2 of 2 steps done").wait_for()
    results = page.get_by_role("region", name="Results")
    assert "advice" in results.inner_text()


def test_health_and_home_tell_of_this_project(clinic: Any, clinic_page: OpenPage) -> None:
    billed = clinic.api.post(
        "/api/operations/desk.bill", json={"visit_id": clinic.ids["visits"], "discount": "0.5"}
    )
    assert billed.json()["amount"] == "60.250"
    page = clinic_page("/monitor", clinic.full)
    page.get_by_role("button", name="All").click()
    page.get_by_role("row", name="/api/operations/desk.bill").wait_for()
    seen = page.get_by_role("region", name="Data flow").get_by_role("row", name="desk.bill")
    assert "Visit (declared and seen)" in seen.inner_text().replace("\n", " ")

    page = clinic_page("/", clinic.full)
    for model in ("Animals", "Owners", "Visits", "Staff"):
        page.locator("main").get_by_role("link", name=model).first.wait_for()
    page.get_by_role("region", name="Recent changes").get_by_role("link").first.wait_for()
