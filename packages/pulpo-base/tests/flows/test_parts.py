"""Parts of a flow: which steps are chosen, and what they take from those left out."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from pulpo_base import operation
from pulpo_base.flows import (
    Binding,
    BindingSource,
    FlowDefinition,
    FlowParameter,
    FlowPlan,
    FlowStep,
)
from pulpo_base.flows.parts import part_of, part_parameters, selected_steps
from pulpo_base.specs import TypeKind, TypeRef

INT = TypeRef(TypeKind.SCALAR, "int")


class Start(BaseModel):
    seed: int


class Number(BaseModel):
    number: int


class Pair(BaseModel):
    number: int = Field(ge=0)
    other: int = 0


@operation(name="n.start")
async def start(data: Start) -> Number:
    return Number(number=data.seed)


@operation(name="n.sub.left")
async def left(data: Pair) -> Number:
    return Number(number=data.number + 1)


@operation(name="n.sub.right")
async def right(data: Pair) -> Number:
    return Number(number=data.number + 2)


@operation(name="n.end")
async def end(data: Pair) -> Number:
    return Number(number=data.number * data.other)


OPERATIONS: dict[str, Any] = {
    "n.start": start,
    "n.sub.left": left,
    "n.sub.right": right,
    "n.end": end,
}


def number_of(step: str, field: str = "number") -> Binding:
    return Binding(field, BindingSource.OUTPUT_FIELD, INT, step=step, name="number")


PLAN = FlowPlan(
    name="n",
    steps=(
        FlowStep("n.start", bindings=(Binding("seed", BindingSource.PARAMETER, INT, name="seed"),)),
        FlowStep(
            "n.sub.left", after=("n.start",), bindings=(number_of("n.start"),), tags=("slow",)
        ),
        FlowStep("n.sub.right", after=("n.start",), bindings=(number_of("n.start"),)),
        FlowStep(
            "n.end",
            after=("n.sub.left", "n.sub.right"),
            bindings=(number_of("n.sub.left"), number_of("n.sub.right", "other")),
        ),
    ),
    parameters=(FlowParameter("seed", INT, origins=(("n.start", "seed"),)),),
    results=(("n.start", INT), ("n.end", INT)),
)


class Parameters(BaseModel):
    seed: int = Field(ge=1)


FLOW = FlowDefinition(PLAN, Parameters, Number)


@pytest.mark.parametrize(
    ("options", "steps"),
    [
        ({}, ("n.start", "n.sub.left", "n.sub.right", "n.end")),
        ({"only": ["sub"]}, ("n.sub.left", "n.sub.right")),
        ({"only": ["n.end", "start"]}, ("n.start", "n.end")),
        ({"from_nodes": ["sub.left"]}, ("n.sub.left", "n.end")),
        ({"to_nodes": ["n.sub.right"]}, ("n.start", "n.sub.right")),
        ({"from_nodes": ["sub"], "to_nodes": ["sub.left"]}, ("n.sub.left",)),
        ({"tags": ["slow"]}, ("n.sub.left",)),
        ({"tags": ["slow"], "only": ["end"]}, ()),
    ],
)
def test_conditions_hold_together(options: dict[str, list[str]], steps: tuple[str, ...]) -> None:
    assert selected_steps(PLAN, **options) == steps


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"only": ["strat"]}, "no step 'strat'; did you mean 'n.start'?"),
        ({"tags": ["slwo"]}, "the tag 'slwo'; did you mean 'slow'?"),
    ],
)
def test_an_unknown_name_is_refused(options: dict[str, list[str]], message: str) -> None:
    with pytest.raises(LookupError, match=message.replace("?", r"\?")):
        selected_steps(PLAN, **options)


def test_the_whole_is_the_flow_itself() -> None:
    assert part_of(PLAN, selected_steps(PLAN)) is PLAN
    assert part_parameters(FLOW, PLAN, OPERATIONS) is Parameters


def test_what_comes_from_outside_becomes_a_parameter() -> None:
    part = part_of(PLAN, ("n.sub.left", "n.sub.right"))

    assert [step.after for step in part.steps] == [(), ()]
    # Both took the same value, so there is one parameter.
    assert [parameter.name for parameter in part.parameters] == ["number"]
    model = part_parameters(FLOW, part, OPERATIONS)
    assert model(number=3).model_dump() == {"number": 3}
    with pytest.raises(ValidationError):  # the field's own constraint holds
        model(number=-1)
    with pytest.raises(ValidationError):
        model(number=1, unknown=2)


def test_order_holds_by_way_of_steps_left_out() -> None:
    part = part_of(PLAN, ("n.start", "n.end"))

    assert part.step("n.end").after == ("n.start",)
    assert [(one.name, one.required) for one in part.parameters] == [
        ("seed", True),
        ("number", True),
        ("other", True),
    ]
    assert part.results == PLAN.results
    model = part_parameters(FLOW, part, OPERATIONS)
    with pytest.raises(ValidationError):
        model(seed=0, number=1, other=1)  # as of the flow's own parameters


def test_one_name_from_two_sources_is_two_parameters() -> None:
    plan = FlowPlan(
        name="n",
        steps=(
            FlowStep("n.start"),
            FlowStep("n.sub.left"),
            FlowStep("n.sub.right", after=("n.start",), bindings=(number_of("n.start"),)),
            FlowStep("n.end", after=("n.sub.left",), bindings=(number_of("n.sub.left"),)),
        ),
    )

    part = part_of(plan, ("n.sub.right", "n.end"))

    assert {parameter.name for parameter in part.parameters} == {
        "start_number",
        "sub_left_number",
    }
