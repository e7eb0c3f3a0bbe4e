"""How the command line writes what operations take."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple, Optional, Union

import pytest
from pydantic import BaseModel, Field

from pulpo_base import operation
from pulpo_base.project.operation_calls import asked_for, operation_fields
from pulpo_base.project.output import table
from pulpo_base.project.schemas import field_rows, type_name
from pulpo_base.project.typed_options import given_options


class Unit(StrEnum):
    METRE = "m"


class Step(NamedTuple):
    amount: int
    unit: Unit = Unit.METRE


class Walk(BaseModel):
    unit: Unit = Unit.METRE
    steps: list[Step] | None = None


@operation(name="walks.go")
async def go(data: Step) -> int:
    return data.amount


def test_a_named_tuple_has_options() -> None:
    fields = operation_fields(go)
    assert [(one.option, one.required, one.choices) for one in fields] == [
        ("--amount", True, ()),
        ("--unit", False, ("m",)),
    ]
    options = given_options(["--amount", "3"], fields)
    assert asked_for("walks.go", go, None, options).value == Step(3)
    assert asked_for("walks.go", go, [4, "m"], {}).value == Step(4)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (list[Step], "list[Step]"),
        (Union[Step, Walk, None], "Step | Walk | None"),  # noqa: UP007
        (Optional[Walk], "Walk | None"),  # noqa: UP045
        (dict[str, tuple[int, ...]], "dict[str, tuple[int, ...]]"),
        (Literal["a", 1], "Literal['a', 1]"),
        (list[Annotated[int, Field(gt=0)]], "list[int]"),
        (Any, "Any"),
        (None, None),
    ],
)
def test_types_are_written_as_people_write_them(kind: Any, wanted: str | None) -> None:
    assert type_name(kind) == wanted


def test_defaults_are_values() -> None:
    assert [row[2] for row in field_rows(Walk)] == ["'m'", "None"]


def test_a_title_is_not_broken_over_lines(capsys: pytest.CaptureFixture[str]) -> None:
    table(("a", "b"), [("1", "2")], title="pharmacy.interactions")
    assert capsys.readouterr().out.startswith("pharmacy.interactions\n")
