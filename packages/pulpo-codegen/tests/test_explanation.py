"""Why each file of a plan would be touched: traced to what the user changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pulpo_analysis import analyse
from pulpo_analysis.cache.store import remove_cache
from pulpo_analysis.changes.snapshot import SNAPSHOT_FILE, snapshot_of
from pulpo_codegen import compile_project
from pulpo_codegen.explanation import Explanation, explain

MODELS = '''
from beanie import Document, Indexed
from pulpo_base import datamodel


@datamodel
class Order(Document):
    """An order."""

    note: str = ""


@datamodel
class Parcel(Document):
    weight: float
'''
OPERATIONS = '''
from pulpo_base import operation
from pydantic import BaseModel
from models import Order


class Line(BaseModel):
    sku: str


class Place(BaseModel):
    lines: list[Line]


@operation(name="orders.place", models_out=[Order])
async def place(data: Place) -> Order:
    """Place one."""
    return Order()


@operation(name="orders.pay", models_in=[Order], models_out=[Order])
async def pay() -> None:
    """Pay it."""
'''

RETRIES = "orders.pay changed its retries"

Edit = Callable[[str, str, str], Explanation]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("why") / "shop"
    root.mkdir()
    (root / ".pulpo.yml").write_text("project: {name: shop}\n")
    (root / "models.py").write_text(MODELS)
    (root / "operations.py").write_text(OPERATIONS)
    assert explained(root).first
    assert compile_project(analyse(root)).applied
    return root


@pytest.fixture
def root(compiled: Path, tmp_path: Path) -> Path:
    return shutil.copytree(compiled, tmp_path / "shop")


@pytest.fixture
def edit(root: Path) -> Edit:
    def change(file: str, old: str, new: str) -> Explanation:
        text = (root / file).read_text()
        assert old in text
        (root / file).write_text(text.replace(old, new, 1))
        return explained(root)

    return change


def explained(root: Path) -> Explanation:
    analysis = analyse(root)
    assert not analysis.errors
    result = compile_project(analysis, dry_run=True)
    explanation = explain(analysis, result.plan, result.tables)
    plan = result.plan
    touched = {one.path for one in (*plan.create, *plan.update, *plan.delete, *plan.refuse)}
    assert {path for cause in explanation.causes for path in cause.files} == touched
    return explanation


def said(explanation: Explanation) -> list[str]:
    return [f"{cause.where} {cause.what}".strip() for cause in explanation.causes]


def test_nothing_changed_needs_no_cause(root: Path) -> None:
    assert explained(root).causes == ()


def test_a_field_is_named_with_its_place_and_where_it_is_met(edit: Edit) -> None:
    (cause,) = edit(
        "models.py", '    note: str = ""', '    note: str = ""\n    total: Indexed(int) = 0'
    ).causes[:1]

    assert (cause.where, cause.what, str(cause.location)) == (
        "Order.total",
        "added",
        "models.py:11:5",
    )
    assert cause.meets == ("11 routes", "1 form field", "1 index")
    assert cause.files == (
        "catalogue.py",
        "docs/models.md",
        "generated_frontend/src/project.ts",
    )
    assert not cause.risk


def test_what_breaks_somebody_says_so(edit: Edit) -> None:
    explanation = edit("models.py", "    weight: float", "    size: int")

    risks = {cause.where: cause.risk for cause in explanation.causes}
    assert risks == {"Parcel.size": "data risk", "Parcel.weight": "data risk"}


@pytest.mark.parametrize(
    ("file", "old", "new", "wanted"),
    [
        ("operations.py", "Pay it.", "Pay all of it.", ["orders.pay changed its description"]),
        ("models.py", "An order.", "The order.", ["Order changed its description"]),
        ("models.py", "\n\n@datamodel", "\n\n\n@datamodel", ["Order and 1 more moved"]),
        ("operations.py", "sku: str", "sku: int", ["Line.sku is int, was str"]),
        ("operations.py", '"orders.pay",', '"orders.pay", retries=2,', [RETRIES]),
        (
            ".pulpo.yml",
            "name: shop",
            "name: shop, title: S",
            ["project changed in the configuration"],
        ),
    ],
)
def test_every_file_of_an_edit_has_the_edit_as_its_cause(
    edit: Edit, file: str, old: str, new: str, wanted: list[str]
) -> None:
    assert said(edit(file, old, new)) == wanted


def test_a_flow_is_traced_to_its_steps(edit: Edit) -> None:
    explanation = edit(
        "operations.py", "    lines: list[Line]", "    lines: list[Line]\n    gift: bool"
    )

    whys = {path: {cause.where for cause in explanation.of(path)} for path in ("flows/orders.py",)}
    assert whys == {"flows/orders.py": {"Place.gift"}}


def test_what_is_new_and_what_is_gone(root: Path, edit: Edit) -> None:
    gone = '@operation(name="orders.pay"' + OPERATIONS.partition('@operation(name="orders.pay"')[2]
    explanation = edit("operations.py", gone, "")

    assert {"orders.pay removed", "orders is a flow no longer"} <= set(said(explanation))
    (removed,) = [cause for cause in explanation.causes if cause.where == "orders.pay"]
    assert removed.risk == "breaking"
    assert removed.meets == ("1 route", "1 command", "1 flow step")


def test_what_no_code_of_the_user_caused(root: Path) -> None:
    (root / "run_cache/cli.py").write_text("# mine\n")
    (root / "run_cache/docs/index.md").unlink()

    causes = {cause.what: cause.files for cause in explained(root).causes}
    assert causes == {"edited by hand": ("cli.py",), "was missing": ("docs/index.md",)}


def test_without_the_last_compile_the_snapshot_tells_what_it_can(root: Path, edit: Edit) -> None:
    (root / SNAPSHOT_FILE).write_text(snapshot_of(analyse(root)).text())
    remove_cache(root)

    explanation = edit("models.py", '    note: str = ""', '    note: str = ""\n    total: int = 0')
    assert explanation.causes[0].where == "Order.total"
    assert explanation.causes[0].files == (
        "catalogue.py",
        "docs/models.md",
        "generated_frontend/src/project.ts",
    )


def test_without_both_it_says_that_it_does_not_know(root: Path, edit: Edit) -> None:
    remove_cache(root)

    (cause,) = edit("models.py", "An order.", "The order.").causes
    assert "not known here" in cause.what


def test_only_files_about_something_are_written(root: Path, edit: Edit) -> None:
    edit("models.py", "An order.", "The order.")
    edit("operations.py", "Pay it.", "Pay all of it.")

    partly = compile_project(analyse(root), about=("operation orders.pay", "flow orders"))
    left = explained(root)
    assert partly.applied
    assert not partly.plan.delete
    assert "api/operations.py" in {action.path for action in partly.plan.update}
    assert {path for cause in left.causes for path in cause.files} == {
        "api/order.py",
        "docs/models.md",
    }
