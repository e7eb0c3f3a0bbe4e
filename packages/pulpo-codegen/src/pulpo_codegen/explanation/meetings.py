"""Where people and programs meet a model, a field, an operation: as counted words."""

from __future__ import annotations

from collections.abc import Iterable

from pulpo_analysis.analysis import Analysis
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.specs import FieldSpec, ModelSpec, OperationSpec, SchemaSpec, TypeRef
from pulpo_codegen.targets.api.paths import RESOURCE_ROUTES, link_paths

__all__ = ["meets_field", "meets_flow", "meets_model", "meets_operation", "meets_schema"]


def meets_model(analysis: Analysis, model: ModelSpec) -> tuple[str, ...]:
    """Return where a whole model is met."""
    indexes = len(model.indexes) + sum(one.unique or one.indexed for one in model.fields)
    return _counted(_routes(analysis, model), "route", 1, "form", indexes, "index")


def meets_field(analysis: Analysis, model: ModelSpec, spec: FieldSpec) -> tuple[str, ...]:
    """Return where one field of a model is met."""
    keys = [name for index in model.indexes for name, _ in index.keys]
    indexes = keys.count(spec.name) + (spec.unique or spec.indexed)
    fields = 0 if any(one.name == spec.name and one.back for one in model.relations) else 1
    routes = _routes(analysis, model)
    return _counted(routes, "route", fields, "form field", indexes, "index")


def meets_operation(analysis: Analysis, operation: OperationSpec) -> tuple[str, ...]:
    """Return where an operation is met."""
    steps = sum(step.operation == operation.name for flow in analysis.flows for step in flow.steps)
    return _counted(1, "route", 1, "command", steps, "flow step")


def meets_schema(analysis: Analysis, schema: SchemaSpec) -> tuple[str, ...]:
    """Return where a class is met that operations take or return, by itself or inside another."""
    around = {schema.key}
    size = 0
    while size < len(around):
        size = len(around)
        around |= {one.key for one in analysis.app.schemas if _mentions(one.types(), around)}
    ends = [(one.inputs, one.outputs) for one in analysis.app.operations]
    uses = sum(_mentions([ref for ref in pair if ref], around) for pair in ends)
    return _counted(uses, "route", uses, "command")


def _mentions(refs: Iterable[TypeRef], names: set[str]) -> bool:
    return any(part.name in names for ref in refs for part in ref.walk())


def meets_flow(flow: FlowPlan) -> tuple[str, ...]:
    """Return where a flow is met."""
    return _counted(
        1, "flow command", len(flow.steps), "step", int(bool(flow.schedule)), "schedule"
    )


def _routes(analysis: Analysis, model: ModelSpec) -> int:
    return len(RESOURCE_ROUTES) + sum(1 for _ in link_paths(analysis.app, model))


def _counted(*parts: int | str) -> tuple[str, ...]:
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return tuple(f"{count} {_many(str(word), int(count))}" for count, word in pairs if count)


def _many(word: str, count: int) -> str:
    if count == 1:
        return word
    return f"{word}es" if word.endswith("x") else f"{word}s"
