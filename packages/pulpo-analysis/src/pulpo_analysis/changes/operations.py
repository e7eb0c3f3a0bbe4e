"""Operations and flows, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pulpo_analysis.changes.change import Change, change, file_of
from pulpo_analysis.changes.fields import Record, Role, field_changes
from pulpo_analysis.changes.permissions import operation_permissions
from pulpo_analysis.changes.types import Names, Shift, shift
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowParameter, FlowPlan
from pulpo_base.specs import FieldSpec, OperationSpec, SourceLocation, TypeKind, TypeRef

__all__ = ["OperationChanges"]

_NOTHING = TypeRef(TypeKind.NONE)
#: What an operation says of how it runs: no part of its contract.
_SETTINGS = (
    "retries",
    "timeout",
    "schedule",
    "category",
    "tags",
    "in_flow",
    "on_failure",
)


@dataclass(frozen=True, slots=True)
class OperationChanges:
    """Compares what runs in two snapshots; `renamed` gives the new names of operations."""

    before: AppSpec
    after: AppSpec
    renamed: dict[str, str]
    names: Names

    def all(self) -> Iterator[Change]:
        """Yield what changed in the operations' contracts."""
        for old in self.before.operations:
            new = self.after.operation(self.renamed.get(old.name, old.name))
            if new is None:
                message = f"the operation {old.name} is removed"
                yield change("PLV011", old.name, message, file_of(old.location))
                continue
            if new.name != old.name:
                message = f"the operation {old.name} is gone, and may be {new.name} now"
                yield change("PLV013", new.name, message, new.location)
            yield from self._contract(old, new)
        known = {op.name for op in self.before.operations} | set(self.renamed.values())
        for new in self.after.operations:
            if new.name not in known:
                yield change("PLV020", new.name, f"the operation {new.name} is new", new.location)

    def _contract(self, old: OperationSpec, new: OperationSpec) -> Iterator[Change]:
        for word, code, widening, was, now in (
            ("takes", "PLV015", "PLV021", old.inputs, new.inputs),
            ("returns", "PLV016", "PLV016", old.outputs, new.outputs),
        ):
            before = self.names(was or _NOTHING)
            moved = shift(before, now or _NOTHING, (), (), self.after)
            if moved is Shift.SAME:
                continue
            safe = moved is (Shift.WIDER if word == "takes" else Shift.NARROWER)
            message = f"{new.name} {word} {now or 'nothing'}, no longer {was or 'nothing'}"
            chosen = "PLV021" if safe else widening if moved is Shift.WIDER else code
            yield change(chosen, new.name, message, new.location)
        yield from operation_permissions(old, new)
        for setting in _SETTINGS:
            one, other = getattr(old, setting), getattr(new, setting)
            if one != other:
                message = f"`{setting}` of {new.name} is {_said(other)}, no longer {_said(one)}"
                yield change("PLV024", f"{new.name}.{setting}", message, new.location)

    def flows(self, before: tuple[FlowPlan, ...], after: tuple[FlowPlan, ...]) -> Iterator[Change]:
        """Yield what changed in the flows' contracts and order."""
        new = {flow.name: flow for flow in after}
        for old in before:
            now = new.get(old.name)
            if now is None:
                message = f"there is no flow {old.name} any more"
                yield change("PLV012", old.name, message)
                continue
            yield from self._flow(old, now)
        known = {flow.name for flow in before}
        for flow in after:
            if flow.name not in known:
                message = f"the flow {flow.name} is new"
                yield change("PLV020", flow.name, message, self._place(flow))

    def _flow(self, old: FlowPlan, new: FlowPlan) -> Iterator[Change]:
        place = self._place(new)
        record = Record(new.name, _fields(old), _fields(new), place)
        for found in field_changes(record, Role.INPUT, self.names, self.after):
            known = found.diagnostic.code == "PLV015"
            code = "PLV017" if known else found.diagnostic.code
            yield change(
                code,
                found.where,
                f"parameter {found.diagnostic.message}",
                *found.diagnostic.locations,
                hint=found.diagnostic.hint,
            )
        yield from self._results(old, new, place)
        order = (self._order(flow, renamed) for flow, renamed in ((old, self.renamed), (new, {})))
        if len(set(order)) > 1:
            message = f"the flow {new.name} runs other steps, or in another order"
            yield change("PLV022", new.name, message, place)

    def _results(
        self, old: FlowPlan, new: FlowPlan, place: SourceLocation | None
    ) -> Iterator[Change]:
        results = dict(new.results)
        for name, ref in old.results:
            now = results.get(self.renamed.get(name, name))
            where = f"{new.name} → {name}"
            if now is None:
                message = f"the result of {name} is no part of what {new.name} returns any more"
                yield change("PLV018", name, message, place)
            elif shift(self.names(ref), now, (), (), self.after) in {Shift.WIDER, Shift.OTHER}:
                message = f"the result {where} is {now}, no longer {ref}"
                yield change("PLV018", name, message, place)

    def _order(self, flow: FlowPlan, renamed: dict[str, str]) -> frozenset[object]:
        steps = {renamed.get(step.operation, step.operation) for step in flow.steps}
        ends = ((edge.before, edge.after) for edge in flow.edges)
        edges = {(renamed.get(one, one), renamed.get(two, two)) for one, two in ends}
        return frozenset({*steps, *edges})

    def _place(self, flow: FlowPlan) -> SourceLocation | None:
        specs = (self.after.operation(step.operation) for step in flow.steps)
        return min((spec.location for spec in specs if spec), default=None)


def _fields(flow: FlowPlan) -> list[FieldSpec]:
    return [_field(parameter) for parameter in flow.parameters]


def _field(parameter: FlowParameter) -> FieldSpec:
    return FieldSpec(
        parameter.name,
        parameter.type,
        required=parameter.required,
        default=parameter.default,
        constraints=parameter.constraints,
    )


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "empty"
    return "unset" if value in {None, ""} else str(value)
