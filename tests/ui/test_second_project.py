"""Forms, lists and pages of a project that the UI was not made for: other names, other types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from gestures import choose

pytestmark = pytest.mark.slow

OpenPage = Callable[..., Any]
Serious = Callable[[Any], dict[str, list[str]]]


@pytest.fixture
def form(clinic: Any, clinic_page: OpenPage) -> Callable[[str], Any]:
    def opened(path: str) -> Any:
        page = clinic_page(path, clinic.full)
        page.locator(".schema-form").wait_for()
        return page

    return opened


def _saved(page: Any) -> str:
    """Send the form, and return the id of the document whose page comes up."""
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/show/*")
    page.get_by_role("button", name="Delete").wait_for()
    return str(page.url.rsplit("/", 1)[1])


def test_what_was_not_touched_is_as_it_was(clinic: Any, form: Callable[[str], Any]) -> None:
    path = f"/api/animals/{clinic.ids['animals']}"
    before = clinic.api.get(path).json()
    page = form(f"/models/animals/edit/{clinic.ids['animals']}")
    page.get_by_label("Name").fill("Kitty")
    _saved(page)
    assert clinic.api.get(path).json() == {**before, "name": "Kitty"}
    clinic.api.patch(path, json={"name": "Kit"})


def test_values_of_any_shape_keep_their_nulls(clinic: Any, form: Callable[[str], Any]) -> None:
    path = f"/api/animals/{clinic.ids['animals']}"
    before = clinic.api.get(path).json()
    page = form(f"/models/animals/edit/{clinic.ids['animals']}")
    assert '"by": null' in page.get_by_label("Raw").input_value()
    page.get_by_label("Raw").fill("no JSON")
    page.get_by_text("This is no JSON").wait_for()
    # No merge patch can say this.
    page.get_by_label("Raw").fill('{"seen": [{"by": null}], "chip": null, "more": {"x": null}}')
    _saved(page)
    raw = {"seen": [{"by": None}], "chip": None, "more": {"x": None}}
    assert clinic.api.get(path).json() == {**before, "raw": raw}
    clinic.api.put(path, json={key: item for key, item in before.items() if key != "id"})


def test_an_animal_is_written_down(clinic: Any, form: Callable[[str], Any]) -> None:
    page = form("/models/animals/new")
    page.get_by_label("Name").fill("Axel")
    choose(page, "Species", "Axolotl")
    choose(page, "Owner", "Ada Lovelace")
    choose(page, "Mother", "Old cat")
    page.get_by_label("Weight kg").fill("0.300")
    page.get_by_label("Labels").fill("wet,")
    page.get_by_label("Photo").fill("https://example.org/axel.png")
    page.get_by_role("button", name="Add habitat").click()
    page.get_by_label("Square metres").fill("1.5")
    for against, day in (("Rabies", "2026-01-31"), ("Parvo", "2026-02-01")):
        page.get_by_role("group", name="Vaccinations").get_by_role("button", name="Add").click()
        choose(page, "Against", against)
        page.get_by_label("On", exact=True).last.fill(day)
        page.get_by_label("On", exact=True).last.press("Enter")
    page.get_by_role("button", name="Move item 2 up").click()
    page.get_by_label("Lab values").fill('{"glucose": 5.5}')
    identifier = _saved(page)

    stored = clinic.api.get(f"/api/animals/{identifier}").json()
    assert [one["against"] for one in stored["vaccinations"]] == ["parvo", "rabies"]
    assert stored["vaccinations"][1] == {"against": "rabies", "on": "2026-01-31", "lot": None}
    assert stored["habitat"] == {"indoors": True, "square_metres": 1.5}
    assert (stored["species"], stored["weight_kg"]) == ("axolotl", "0.300")
    assert (stored["labels"], stored["lab_values"]) == (["wet"], {"glucose": 5.5})
    page.get_by_role("link", name="Old cat").wait_for()
    clinic.api.delete(f"/api/animals/{identifier}")


def test_a_treatment_is_one_of_several_kinds(clinic: Any, form: Callable[[str], Any]) -> None:
    page = form(f"/models/visits/edit/{clinic.ids['visits']}")
    group = page.get_by_role("group", name="Treatments")
    group.get_by_role("button", name="Add").last.click()
    choose(page, "Treatments", "Surgery")
    page.get_by_label("Procedure").fill("Spaying")
    page.get_by_label("Started").fill("2026-03-01 12:30:00")
    page.get_by_label("Started").press("Enter")
    page.get_by_label("Took").fill("2:05")
    # What is added to something that exists begins with its defaults, as in something new.
    added = page.get_by_role("group", name="Doses")
    added.get_by_role("button", name="Add").click()
    added.get_by_label("Amount").last.fill("2.00")
    assert "mg" in added.locator(".form-item").last.inner_text().lower()
    # The server has the last word, at the field.
    page.get_by_label("Fee").fill("1.999")
    page.locator("button[type=submit]").click()
    page.locator(".ant-form-item-has-error", has_text="Fee").get_by_role("alert").wait_for()
    page.get_by_label("Fee").fill("130.00")
    _saved(page)

    path = f"/api/visits/{clinic.ids['visits']}"
    stored = clinic.api.get(path).json()
    assert [one["kind"] for one in stored["treatments"]] == ["medication", "advice", "surgery"]
    doses = [{"amount": "1.50", "unit": "ml"}, {"amount": "2.00", "unit": "mg"}]
    assert stored["treatments"][0]["doses"] == doses
    assert stored["treatments"][2]["started"].endswith("Z")
    assert (stored["took"], stored["fee"], stored["follow_up"]) == ("PT2H5M", "130.00", None)

    page.goto(page.url.replace("/show/", "/edit/"))
    follow_up = page.get_by_role("group", name="Follow up")
    follow_up.get_by_role("button", name="Add follow up").click()
    choose(page, "Follow up", "Advice")
    follow_up.get_by_label("Text").fill("Come back")
    _saved(page)
    assert clinic.api.get(path).json()["follow_up"] == {"kind": "advice", "text": "Come back"}
    page.goto(page.url.replace("/show/", "/edit/"))
    follow_up.get_by_role("button", name="Remove follow up").click()
    _saved(page)
    assert clinic.api.get(path).json()["follow_up"] is None


def test_an_operation_takes_one_of_several_kinds(clinic: Any, form: Callable[[str], Any]) -> None:
    page = form("/operations/desk.plan")
    choose(page, "Animal ID", "Kit")
    page.get_by_label("At", exact=True).fill("2026-05-01 09:00:00")
    page.get_by_label("At", exact=True).press("Enter")
    choose(page, "Treatment", "Advice")
    page.get_by_label("Text").fill("Less food")
    page.get_by_role("button", name="Check only").click()
    page.get_by_text("The input is fine").wait_for()
    page.get_by_role("button", name="Run", exact=True).click()
    result = page.get_by_role("region", name="Result")
    result.get_by_text("Succeeded").wait_for()
    made = result.get_by_role("link").first.get_attribute("href").rsplit("/", 1)[1]
    stored = clinic.api.get(f"/api/visits/{made}").json()
    assert stored["treatments"] == [{"kind": "advice", "text": "Less food"}]
    clinic.api.delete(f"/api/visits/{made}")


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_serious_and_nothing_too_wide(
    clinic: Any, clinic_page: OpenPage, serious: Serious, width: int
) -> None:
    for model, identifier in clinic.ids.items():
        for path in ("", "/new", f"/show/{identifier}", f"/edit/{identifier}"):
            page = clinic_page(f"/models/{model}{path}", clinic.full, width=width)
            page.locator(".skeleton, .ant-spin-spinning").first.wait_for(state="detached")
            assert serious(page) == {}, (model, path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (model, path)
            page.close()
