"""`unused`: what is declared and nothing needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.discovery.unmentioned import unmentioned_classes
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.specs import SourceLocation, TypeRef

__all__ = ["Unused", "unused"]


@dataclass(frozen=True, slots=True)
class Unused:
    """One thing that nothing needs: its kind, its name, why it counts as unused, and its place."""

    kind: str
    name: str
    reason: str
    location: SourceLocation


def unused(analysis: Analysis) -> tuple[Unused, ...]:
    """Return what nothing needs.

    - models that no operation reads, writes, takes or returns;
    - operations (other than those with `in_flow=False`, which are entry points by intention)
      that are no step of a flow, touch no model and that no other operation names (`after`,
      `on_failure`);
    - schemas and enumerations that no model and no operation mentions, directly or through
      others, and that no class derives from; for these the project's files are read again.
    """
    return (*_models(analysis.app), *_operations(analysis), *_types(analysis))


def _models(app: AppSpec) -> Iterator[Unused]:
    touched = {name for op in app.operations for name in (op.models_in or ())}
    touched |= {name for op in app.operations for name in (op.models_out or ())}
    ends = [ref for op in app.operations for ref in (op.inputs, op.outputs) if ref]
    given = set(_mentioned(app, ends))
    for model in app.models:
        if model.name not in touched and model.key not in given:
            yield Unused("model", model.name, "no operation touches it", model.location)


def _operations(analysis: Analysis) -> Iterator[Unused]:
    steps = {step.operation for flow in analysis.flows for step in flow.steps}
    named = {name for op in analysis.app.operations for name in (*op.after, *op.on_failure)}
    for operation in analysis.app.operations:
        touches = operation.models_in or operation.models_out
        entry_point = not operation.in_flow
        if not (operation.name in steps | named or touches or entry_point):
            reason = "no flow runs it and it touches no model"
            yield Unused("operation", operation.name, reason, operation.location)


def _types(analysis: Analysis) -> Iterator[Unused]:
    mentioned = set(_mentioned(analysis.app, _roots(analysis.app)))
    config = analysis.config.discovery
    for found in unmentioned_classes(analysis.root, config, mentioned):
        reason = "no model and no operation mentions it"
        yield Unused(found.kind, found.name, reason, found.location)


def _roots(app: AppSpec) -> list[TypeRef]:
    """Return the types that models and operations speak of."""
    fields = [spec.type for model in app.models for spec in model.fields]
    return fields + [ref for op in app.operations for ref in (op.inputs, op.outputs) if ref]


def _mentioned(app: AppSpec, roots: Iterable[TypeRef]) -> Iterator[str]:
    """Yield the key of each type in `roots`, in the fields of those, and so on."""
    seen: set[str] = set()
    pending = list(roots)
    while pending:
        for ref in pending.pop().walk():
            if not ref.name or ref.name in seen:
                continue
            seen.add(ref.name)
            yield ref.name
            record = app.record(ref.name)
            if record is not None:
                yield from record.bases
                pending.extend(spec.type for spec in record.fields)
