"""Operations may take and return dataclasses, typed dictionaries and named tuples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import InitVar, dataclass, field
from typing import Annotated, Any, NamedTuple, NotRequired, Required

import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from pulpo_base import operation
from pulpo_base.flows import (
    Binding,
    BindingSource,
    FlowError,
    FlowParameter,
    FlowPlan,
    FlowStep,
    run_plan,
)
from pulpo_base.flows.keys import step_key
from pulpo_base.flows.prefect import made
from pulpo_base.project.schemas import field_rows
from pulpo_base.record_fields import is_record, record_fields, record_values
from pulpo_base.specs import TypeKind, TypeRef

TEXT = TypeRef(TypeKind.SCALAR, "str")

seen: list[Any] = []


@dataclass
class Order:
    item: Annotated[str, Field(min_length=1)]
    count: int = 1
    seed: InitVar[int] = 0
    number: int = field(default=7, init=False)


class Quote(TypedDict, total=False):
    item: Required[str]
    cents: NotRequired[int]
    note: str


class Place(NamedTuple):
    item: str
    shelf: int = 3


@operation(name="p.quote", inputs=Order)
async def quote(data: Order) -> Quote:
    return {"item": data.item * data.count}


@operation(name="p.store", on_failure="p.take_back")
async def store(data: Quote) -> Place:
    if data["item"] == "bomb":
        raise ValueError("not here")
    return Place(data["item"])


@operation(name="p.show")
async def show(data: Place) -> str:
    if data.item == "glass":
        raise ValueError("it broke")
    return f"{data.item} on {data.shelf}"


@operation(name="p.take_back")
async def take_back(data: Place) -> None:
    seen.append(data)


def _from(step: str, name: str) -> Binding:
    return Binding(name, BindingSource.OUTPUT_FIELD, TEXT, step, name)


PLAN = FlowPlan(
    name="p",
    steps=(
        FlowStep(
            "p.quote", bindings=(Binding("item", BindingSource.PARAMETER, TEXT, name="item"),)
        ),
        FlowStep(
            "p.store",
            after=("p.quote",),
            bindings=(_from("p.quote", "item"),),
            on_failure=("p.take_back",),
        ),
        FlowStep("p.show", after=("p.store",), bindings=(_from("p.store", "item"),)),
    ),
    parameters=(FlowParameter("item", TEXT),),
)
OPERATIONS: dict[str, Callable[..., Any]] = {
    "p.quote": quote,
    "p.store": store,
    "p.show": show,
    "p.take_back": take_back,
}


async def test_a_flow_passes_their_fields_on() -> None:
    done = await run_plan(PLAN, OPERATIONS, {"item": "book"})
    assert done.outputs["p.show"] == "book on 3"


async def test_a_key_that_is_missing_says_so() -> None:
    binding = _from("p.quote", "cents")
    plan = FlowPlan(
        name="p",
        steps=(PLAN.steps[0], FlowStep("p.show", after=("p.quote",), bindings=(binding,))),
        parameters=PLAN.parameters,
    )
    with pytest.raises(FlowError, match="without 'cents'"):
        await run_plan(plan, OPERATIONS, {"item": "book"})


async def test_what_undoes_a_step_is_given_their_fields() -> None:
    seen.clear()
    with pytest.raises(FlowError):
        await run_plan(PLAN, OPERATIONS, {"item": "glass"})
    assert seen == [Place("glass")]


def test_fields_are_those_that_pydantic_takes() -> None:
    assert list(record_fields(Order)) == ["item", "count"]
    assert [info.is_required() for info in record_fields(Quote).values()] == [True, False, False]
    assert field_rows(Quote)[1] == ("cents", "int", "(left out)", "")
    assert field_rows(Place)[1] == ("shelf", "int", "3", "")
    assert not any(map(is_record, (int, dict, tuple, list[int], dict[str, int])))
    assert record_fields(dict[str, int]) == {}


def test_values_are_those_that_are_there() -> None:
    assert record_values(Order("a"), Order) == {"item": "a", "count": 1, "number": 7}
    assert record_values({"item": "a", "other": 1}, Quote) == {"item": "a"}
    assert record_values({"item": "a"}, dict[str, str]) == {}
    assert record_values(None, Quote) == {}
    assert made(Quote, item="a") == {"item": "a"}


def test_what_is_taken_by_default_does_not_change_the_key_of_a_step() -> None:
    plain = step_key("r", "p.quote", {"item": "a"}, quote)
    assert step_key("r", "p.quote", {"item": "a", "count": 1}, quote) == plain
    assert step_key("r", "p.quote", {"item": "a", "count": 2}, quote) != plain


def test_inputs_may_be_any_record_and_nothing_else() -> None:
    with pytest.raises(TypeError, match="a pydantic model or a dataclass"):
        operation(name="p.wrong", inputs=int)(quote)
    assert is_record(type("Model", (BaseModel,), {}))
