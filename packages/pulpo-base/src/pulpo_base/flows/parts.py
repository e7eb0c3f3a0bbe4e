"""A part of a flow as a plan of its own: what comes from a step outside becomes a parameter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pulpo_base.flows.plan import Binding, BindingSource, FlowParameter, FlowPlan, FlowStep
from pulpo_base.invocation import input_type
from pulpo_base.record_fields import record_fields
from pulpo_base.suggestions import did_you_mean

if TYPE_CHECKING:
    from pydantic import BaseModel

    from pulpo_base.flows.definition import FlowDefinition

__all__ = ["part_of", "part_parameters", "selected_steps"]

Operation = Callable[..., Any]


def selected_steps(
    plan: FlowPlan,
    *,
    only: Iterable[str] = (),
    from_nodes: Iterable[str] = (),
    to_nodes: Iterable[str] = (),
    tags: Iterable[str] = (),
) -> tuple[str, ...]:
    """Return the operations that all the conditions given select, in the order of the plan.

    `only` names them; `from_nodes` selects these and what comes after them, `to_nodes` these and
    what comes before, `tags` the steps with one of them. A subflow's name stands for its steps,
    and the name of the flow may be left out. Raises `LookupError` for a name or a tag that the
    flow does not have.
    """
    order = {step.operation: step for step in plan.steps}
    before = _closure({name: step.after for name, step in order.items()})
    chosen = set(order)
    if names := _names(plan, only):
        chosen &= names
    if names := _names(plan, from_nodes):
        chosen &= names | {name for name in order if before[name] & names}
    if names := _names(plan, to_nodes):
        chosen &= names.union(*(before[name] for name in names))
    if wanted := set(tags):
        known = sorted({tag for step in plan.steps for tag in step.tags})
        if unknown := sorted(wanted - set(known)):
            raise LookupError(f"no step has the tag {unknown[0]!r}; {_meant(unknown[0], known)}")
        chosen &= {step.operation for step in plan.steps if wanted & set(step.tags)}
    return tuple(name for name in order if name in chosen)


def part_of(plan: FlowPlan, operations: Collection[str]) -> FlowPlan:
    """Return the plan of these steps alone.

    A step waits for those of the part that it waited for, also by way of steps outside. A field
    that came from a step outside becomes a required parameter, named as the field; where fields
    of one name come from different sources, as the source, with underscores for dots.
    """
    if len(operations) == len(plan.steps):
        return plan
    before = _closure({step.operation: step.after for step in plan.steps})
    inside = [step for step in plan.steps if step.operation in operations]
    names = _parameter_names(plan, inside)
    made: dict[str, FlowParameter] = {}
    steps: list[FlowStep] = []
    for step in inside:
        near = before[step.operation] & set(operations)
        after = {name for name in near if not any(name in before[other] for other in near)}
        bindings = tuple(_rebound(binding, names) for binding in step.bindings)
        steps.append(replace(step, after=tuple(sorted(after)), bindings=bindings))
        for binding in bindings:
            if binding.source is BindingSource.PARAMETER:
                known = made.get(binding.name)
                origins = (*(known.origins if known else ()), (step.operation, binding.field))
                made[binding.name] = FlowParameter(binding.name, binding.type, origins=origins)
    own = {parameter.name: parameter for parameter in plan.parameters}
    parameters = [own.get(name, parameter) for name, parameter in made.items()]
    return replace(
        plan,
        steps=tuple(steps),
        edges=tuple(
            edge for edge in plan.edges if edge.before in operations and edge.after in operations
        ),
        parameters=tuple(sorted(parameters, key=lambda one: not one.required)),
        results=tuple(result for result in plan.results if result[0] in operations),
    )


def part_parameters(
    flow: FlowDefinition, part: FlowPlan, operations: Mapping[str, Operation]
) -> type[BaseModel]:
    """Return the model of a part's parameters; the flow's own where the part is the whole."""
    from pydantic import create_model

    if part is flow.plan:
        return flow.parameters
    fields: dict[str, Any] = {}
    for parameter in part.parameters:
        info = flow.parameters.model_fields.get(parameter.name)
        if info is None:
            operation, field = parameter.origins[0]
            # The constraints of the field hold; its default does not: the flow has a value there.
            source = record_fields(input_type(operations[operation]))[field]
            info = source._copy() if hasattr(source, "_copy") else source
            fields[parameter.name] = (info.rebuild_annotation(), ...)
        else:
            fields[parameter.name] = (info.rebuild_annotation(), info)
    return create_model("Parameters", __config__={"extra": "forbid"}, **fields)


def _rebound(binding: Binding, names: Mapping[tuple[str, str, str], str]) -> Binding:
    name = names.get((binding.field, binding.step, binding.name))
    if name is None:
        return binding
    return Binding(binding.field, BindingSource.PARAMETER, binding.type, name=name)


def _parameter_names(plan: FlowPlan, inside: Sequence[FlowStep]) -> dict[tuple[str, str, str], str]:
    """Return the parameter for each `(field, step, output field)` that comes from outside."""
    kept = {step.operation for step in inside}
    outside = {
        (binding.field, binding.step, binding.name)
        for step in inside
        for binding in step.bindings
        if binding.step and binding.step not in kept
    }
    taken = {parameter.name for parameter in plan.parameters}
    names: dict[tuple[str, str, str], str] = {}
    for field, step, name in sorted(outside):
        sources = {source[1:] for source in outside if source[0] == field}
        source = ".".join(filter(None, (step.removeprefix(f"{plan.name}."), name)))
        is_plain = len(sources) == 1 and field not in taken
        names[field, step, name] = field if is_plain else source.replace(".", "_")
    return names


def _names(plan: FlowPlan, given: Iterable[str]) -> set[str]:
    known = [step.operation for step in plan.steps]
    found: set[str] = set()
    for name in given:
        whole = name if name.startswith(f"{plan.name}.") else f"{plan.name}.{name}"
        matching = {step for step in known if step in {name, whole} or step.startswith(f"{whole}.")}
        if not matching:
            raise LookupError(f"flow {plan.name!r} has no step {name!r}; {_meant(whole, known)}")
        found |= matching
    return found


def _meant(name: str, known: Sequence[str]) -> str:
    return did_you_mean(name, known) or f"it has {', '.join(known) or 'none'}"


def _closure(after: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Return all that is before each step. Steps come after those before them in `after`."""
    before: dict[str, set[str]] = {}
    for name, direct in after.items():
        before[name] = set(direct).union(*(before[other] for other in direct))
    return before
