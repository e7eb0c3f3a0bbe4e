"""Flows as the API shows them: enough to draw the graph and to ask for the parameters."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.errors import PydanticInvalidForJsonSchema

from pulpo_base.flows.definition import FlowDefinition
from pulpo_base.flows.plan import FlowPlan, FlowStep

__all__ = ["BindingView", "EdgeView", "FlowView", "StepView", "flow_view"]


class BindingView(BaseModel):
    """Where a field of a step's input comes from.

    `step` is the operation whose output has it, in the field `name`, or as a whole where that is
    empty. Without a `step` it is the parameter `name` of the flow. `explicit`: by `bind=`.
    """

    field: str
    type: str
    step: str = ""
    name: str = ""
    explicit: bool = False


class StepView(BaseModel):
    """One operation of a flow.

    `after` are the steps it waits for, `level` how many at least run one after another before it:
    steps of one level may run at the same time.
    """

    operation: str
    after: list[str]
    level: int
    stage: int | str | None = None
    retries: int = 0
    timeout: float | None = None
    tags: list[str]
    permissions: list[str]
    bindings: list[BindingView]


class EdgeView(BaseModel):
    """`before` ends before `after` begins, and why."""

    before: str
    after: str
    reasons: list[str]


class FlowView(BaseModel):
    """One flow: its steps in an order that works, and what it takes and returns (JSON schema)."""

    name: str
    schedule: str | None = None
    timezone: str | None = None
    requires_parameters: bool
    permissions: list[str]
    stages: list[int | str]
    subflows: list[str]
    steps: list[StepView]
    edges: list[EdgeView]
    parameters: dict[str, Any]
    results: dict[str, Any] | None


def flow_view(flow: FlowDefinition) -> FlowView:
    """Return a flow as it is shown."""
    plan = flow.plan
    levels = _levels(plan)
    return FlowView(
        name=plan.name,
        schedule=plan.schedule,
        timezone=plan.timezone,
        requires_parameters=any(parameter.required for parameter in plan.parameters),
        permissions=sorted({name for step in plan.steps for name in step.permissions}),
        stages=list(plan.stages),
        subflows=list(plan.subflows),
        steps=[_step(step, levels[step.operation]) for step in plan.steps],
        edges=[
            EdgeView(
                before=edge.before, after=edge.after, reasons=[str(one) for one in edge.reasons]
            )
            for edge in plan.edges
        ],
        parameters=flow.parameters.model_json_schema(),
        results=_schema(flow.results),
    )


def _levels(plan: FlowPlan) -> dict[str, int]:
    levels: dict[str, int] = {}
    for step in plan.steps:
        levels[step.operation] = max((levels[name] + 1 for name in step.after), default=0)
    return levels


def _step(step: FlowStep, level: int) -> StepView:
    return StepView(
        operation=step.operation,
        after=list(step.after),
        level=level,
        stage=step.stage,
        retries=step.retries,
        timeout=step.timeout,
        tags=list(step.tags),
        permissions=list(step.permissions),
        bindings=[
            BindingView(
                field=binding.field,
                type=str(binding.type),
                step=binding.step,
                name=binding.name,
                explicit=binding.explicit,
            )
            for binding in step.bindings
        ],
    )


def _schema(model: type[BaseModel]) -> dict[str, Any] | None:
    try:
        return model.model_json_schema(mode="serialization")
    except PydanticInvalidForJsonSchema:
        return None  # a value that JSON schema has no word for; it is shown all the same
