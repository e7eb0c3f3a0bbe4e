"""Rules about bindings: what was nearly bound, and what a constraint may refuse."""

from __future__ import annotations

from collections.abc import Iterator

from pulpo_analysis.dataflow.binding import input_fields, output_fields
from pulpo_analysis.dataflow.digraph import Distances
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.validation.rule import Project
from pulpo_base.flows.plan import Binding, BindingSource, FlowPlan
from pulpo_base.specs import FieldSpec, OperationSpec, TypeKind, TypeRef

__all__ = ["kept_constraints", "taken_outputs"]

#: Constraints that a larger, and that a smaller number implies.
_LOWER = frozenset({"ge", "gt", "min_length"})
_UPPER = frozenset({"decimal_places", "le", "lt", "max_digits", "max_length"})


def taken_outputs(project: Project) -> Iterator[Diagnostic]:
    """PLB008: an earlier output of the same name was not bound, and this is why."""
    for plan in project.flows:
        distances = Distances({(edge.before, edge.after) for edge in plan.edges})
        before: dict[str, list[OperationSpec]] = {}
        for operation, binding, spec in _bindings(plan, project.app):
            if binding.source is not BindingSource.PARAMETER:
                continue
            if operation.name not in before:
                before[operation.name] = _upstream(operation, distances, project.app)
            for source in before[operation.name]:
                output = output_fields(source, project.app, always=False).get(spec.name)
                if output is not None:
                    yield _missed(operation, spec, source, output, project.app)
                    break


def _upstream(operation: OperationSpec, distances: Distances, app: AppSpec) -> list[OperationSpec]:
    """Return the operations that run before one, the nearest first."""
    ordered = sorted(distances.to(operation.name).items(), key=lambda item: item[::-1])
    return [found for name, _ in ordered if (found := app.operation(name))]


def _missed(
    operation: OperationSpec,
    spec: FieldSpec,
    source: OperationSpec,
    output: FieldSpec,
    app: AppSpec,
) -> Diagnostic:
    always = output.name in output_fields(source, app)
    reason = _reason(output.type, spec.type) if always else "its output may lack it"
    remedy = "change one of the types" if always else "have the output always hold it"
    return finding(
        "PLB008",
        f"{spec.name!r} of {operation.name!r} ({spec.type}) is a flow parameter: {source.name!r} "
        f"returns a field of that name, but {reason}",
        spec.location or operation.location,
        output.location or source.location,
        hint=f"{remedy}, or rename one of the fields if they mean different things",
    )


def _reason(given: TypeRef, wanted: TypeRef) -> str:
    """Return why a type is not assignable to another, in words."""
    if TypeKind.UNKNOWN in {given.kind, wanted.kind}:
        return "one of the types is not known"
    if given.is_optional and not wanted.is_optional:
        return f"it is {given}, which may be None"
    if given.kind is TypeKind.UNION:
        return f"not every type of {given} fits"
    return f"its type is {given}"


def kept_constraints(project: Project) -> Iterator[Diagnostic]:
    """PLB009: a bound output obeys the constraints of the input, or says why it need not."""
    for plan in project.flows:
        for operation, binding, spec in _bindings(plan, project.app):
            source = project.app.operation(binding.step)
            if binding.source is not BindingSource.OUTPUT_FIELD or source is None:
                continue
            output = output_fields(source, project.app).get(binding.name)
            loose = _unmet(output, spec) if output else []
            if output and loose:
                yield finding(
                    "PLB009",
                    f"{spec.name!r} of {operation.name!r} wants {', '.join(loose)}, which "
                    f"'{binding}' does not promise: the step may refuse its input",
                    spec.location or operation.location,
                    output.location or source.location,
                    hint="give the output the same constraint, or take it off the input",
                )


def _unmet(output: FieldSpec, spec: FieldSpec) -> list[str]:
    """Return the constraints of an input that the output's own do not imply."""
    given = dict(output.constraints)
    return [
        f"{name}={value!r}"
        for name, value in spec.constraints
        if name != "strict" and not _implied(name, value, given)
    ]


def _implied(name: str, value: object, given: dict[str, object]) -> bool:
    if given.get(name) == value:
        return True
    others = {"ge": ("ge", "gt"), "le": ("le", "lt")}.get(name, (name,))
    for other in others:
        mine = given.get(other)
        if not isinstance(mine, int | float) or not isinstance(value, int | float):
            continue
        if (name in _LOWER and mine >= value) or (name in _UPPER and mine <= value):
            return True
    return False


def _bindings(plan: FlowPlan, app: AppSpec) -> Iterator[tuple[OperationSpec, Binding, FieldSpec]]:
    for step in plan.steps:
        operation = app.operation(step.operation)
        if operation is None:
            continue
        fields = {spec.name: spec for spec in input_fields(operation, app) or ()}
        for binding in step.bindings:
            if binding.field in fields:
                yield operation, binding, fields[binding.field]
