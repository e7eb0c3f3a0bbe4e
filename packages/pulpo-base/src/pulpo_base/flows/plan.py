"""A flow, decided: which steps, in which order, fed from where, and why.

The analysis writes a `FlowPlan` once, at compile time; the local engine and the generated
Prefect code both express it. Standard library only: no engine is imported here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pulpo_base.specs import SourceLocation, TypeRef

__all__ = [
    "Binding",
    "BindingSource",
    "EdgeReason",
    "FlowEdge",
    "FlowParameter",
    "FlowPlan",
    "FlowStep",
    "OrderRule",
]


class OrderRule(StrEnum):
    """The rule that put one operation before another."""

    CREATES = "creates"
    """The first creates a model that the second updates or reads."""
    DECLARED_FIRST = "declared-first"
    """Both touch a model, one of them updates it, and the first stands first in the code."""
    AFTER = "after"
    """The second says `after=[first]`."""
    STAGE = "stage"
    """The first is in an earlier stage."""
    BIND = "bind"
    """The second binds a field to an output of the first."""
    SUBFLOW = "subflow"
    """The two belong to units of which one runs wholly before the other."""


@dataclass(frozen=True, slots=True)
class EdgeReason:
    """Why an edge is there: the rule, the model it speaks of, and where that is said."""

    rule: OrderRule
    model: str | None = None
    locations: tuple[SourceLocation, ...] = ()

    def __str__(self) -> str:
        return f"{self.rule.value} {self.model}" if self.model else self.rule.value


@dataclass(frozen=True, slots=True)
class FlowEdge:
    """`before` finishes before `after` starts; both are operation names."""

    before: str
    after: str
    reasons: tuple[EdgeReason, ...]


class BindingSource(StrEnum):
    """Where the value of an input field comes from."""

    PARAMETER = "parameter"
    OUTPUT_FIELD = "output-field"
    WHOLE_OUTPUT = "whole-output"


@dataclass(frozen=True, slots=True)
class Binding:
    """One input field of one step and its source.

    `step` and `name` are the producing operation and its output field; for a parameter `step`
    is empty and `name` is the parameter's, for a whole output `name` is empty.
    """

    field: str
    source: BindingSource
    type: TypeRef
    step: str = ""
    name: str = ""
    explicit: bool = False

    def __str__(self) -> str:
        match self.source:
            case BindingSource.PARAMETER:
                return f"parameter {self.name}"
            case BindingSource.WHOLE_OUTPUT:
                return self.step
            case BindingSource.OUTPUT_FIELD:
                return f"{self.step}.{self.name}"


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One operation in a flow.

    `after` names the steps that must have finished (transitively reduced, sorted); `timeout`
    is in seconds and applies to each try, `retries` counts tries after the first. `on_failure` are
    the operations that undo this one where the flow fails.
    """

    operation: str
    after: tuple[str, ...] = ()
    bindings: tuple[Binding, ...] = ()
    stage: int | str | None = None
    retries: int = 0
    timeout: float | None = None
    tags: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    on_failure: tuple[str, ...] = ()

    @property
    def all_tags(self) -> tuple[str, ...]:
        """The namespaces that the step belongs to, its stage, and the operation's own tags."""
        parts = self.operation.split(".")
        namespaces = [".".join(parts[:size]) for size in range(1, len(parts))]
        stage = [] if self.stage is None else [f"stage:{self.stage}"]
        return tuple(dict.fromkeys([*namespaces, *stage, *self.tags]))


@dataclass(frozen=True, slots=True)
class FlowParameter:
    """A value that whoever starts the flow gives; `default` is Python source, as in `FieldSpec`.

    `origins` are the `(operation, field)` pairs that take the value.
    """

    name: str
    type: TypeRef
    required: bool = True
    default: str | None = None
    description: str = ""
    constraints: tuple[tuple[str, Any], ...] = ()
    origins: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FlowPlan:
    """One top-level flow: steps in a valid order of execution, edges with reasons, bindings.

    `stages` lists the stages that the steps name, earliest first; `subflows` the dotted names
    below the flow that hold steps; `results` the steps whose output is part of the result.
    `schedule` is a cron expression in the time zone `timezone`, an IANA name (UTC where it is
    empty).
    """

    name: str
    steps: tuple[FlowStep, ...]
    edges: tuple[FlowEdge, ...] = ()
    parameters: tuple[FlowParameter, ...] = ()
    stages: tuple[int | str, ...] = ()
    subflows: tuple[str, ...] = ()
    results: tuple[tuple[str, TypeRef], ...] = ()
    schedule: str | None = None
    timezone: str | None = None

    def step(self, operation: str) -> FlowStep:
        """Return the step of that operation. Raises `KeyError` for an operation not in the flow."""
        for step in self.steps:
            if step.operation == operation:
                return step
        raise KeyError(operation)
