"""Which facts of a project a generated file shows: what its blast radius follows from."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from pulpo_analysis.analysis import Analysis
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.specs import ModelSpec, OperationSpec, SourceLocation

__all__ = ["NOTHING", "Fact", "Reads", "without_places"]

#: What the fact is about (`model Order`) and which one it is (`description`).
Fact: TypeAlias = tuple[str, str]

_Facet: TypeAlias = Callable[[Analysis, Any], object]


@dataclasses.dataclass(frozen=True, slots=True)
class Reads:
    """The facts that a file shows, by name; `item` those of what a row is made for.

    A name is an attribute of the spec, without the places in it, or one of these: `line` and
    `file` (where it is declared), `class` (module and qualified name), `summary` (the first line
    of the description), `listed` (name, type and need of each field), `plan`, `steps` (functions
    and types) and `step_texts` (descriptions and aliases) of a flow, `flow` of an operation
    (whose step it is), `options` of an operation (the names of the required fields of its input),
    `parameter_names` of a flow, `targets` (name, collection and type of id of what each link refers
    to); of the project, `refusals` (what which operations raise).
    """

    item: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    schemas: tuple[str, ...] = ()
    enums: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    config: tuple[str, ...] = ()
    project: tuple[str, ...] = ()

    def facts(self, analysis: Analysis, item: object) -> dict[Fact, object]:
        """Return the facts with their present values."""
        app = analysis.app
        wanted = (
            ("item", (item,), self.item),
            ("model", app.models, self.models),
            ("schema", app.schemas, self.schemas),
            ("enum", app.enums, self.enums),
            ("operation", app.operations, self.operations),
            ("flow", analysis.flows, self.flows),
            ("config", (analysis.config,), self.config),
            ("project", (analysis,), self.project),
        )
        return {
            fact: value
            for kind, items, names in wanted
            for fact, value in _facts(analysis, kind, items, names)
        }


#: What is the same for every project.
NOTHING: Final = Reads()


def _facts(
    analysis: Analysis, kind: str, items: Iterable[Any], names: tuple[str, ...]
) -> Iterator[tuple[Fact, object]]:
    if not names:
        return
    for item in items:
        if kind == "item":
            kind = _KINDS.get(type(item), kind)
        # Models, operations and flows have unique names; other classes are known by their place.
        name = getattr(item, "key" if kind in {"schema", "enum"} else "name", "")
        about = f"{kind} {name}".rstrip()
        for which in names:
            facet = _FACETS.get(which)
            value = facet(analysis, item) if facet else without_places(getattr(item, which))
            yield (about, which), value


#: What the item of a row is, in terms of the lists that it may stand in.
_KINDS: Final[Mapping[type, str]] = MappingProxyType(
    {ModelSpec: "model", OperationSpec: "operation", FlowPlan: "flow", Analysis: "project"}
)


def _listed(_analysis: Analysis, item: Any) -> object:
    return tuple((field.name, str(field.type), field.required) for field in item.fields)


def _targets(analysis: Analysis, model: Any) -> object:
    found = ((one.name, analysis.app.model(one.target)) for one in model.relations if not one.back)
    return tuple(
        (name, target.name, target.collection, _id_type(target))
        for name, target in found
        if target is not None
    )


def _id_type(model: Any) -> str:
    return next((str(field.type) for field in model.fields if field.name == "id"), "")


def _steps(analysis: Analysis, flow: FlowPlan) -> object:
    found = (analysis.app.operation(step.operation) for step in flow.steps)
    return tuple(
        (spec.module, spec.qualname, spec.location.path, spec.inputs, spec.outputs)
        for spec in found
        if spec is not None
    )


def _step_texts(analysis: Analysis, flow: FlowPlan) -> object:
    found = (analysis.app.operation(step.operation) for step in flow.steps)
    return tuple(
        (spec.description, _aliases(analysis, spec.inputs.name if spec.inputs else ""))
        for spec in found
        if spec is not None
    )


def _aliases(analysis: Analysis, record: str) -> object:
    found = analysis.app.record(record)
    return tuple((field.name, field.alias) for field in found.fields) if found else ()


def _flow(analysis: Analysis, operation: Any) -> object:
    return next(
        (
            flow.name
            for flow in analysis.flows
            if any(step.operation == operation.name for step in flow.steps)
        ),
        None,
    )


def _options(analysis: Analysis, operation: Any) -> object:
    found = analysis.app.record(operation.inputs.name) if operation.inputs else None
    return tuple(one.alias or one.name for one in found.fields if one.required) if found else ()


def _refusals(analysis: Analysis, _item: Any) -> object:
    return tuple(
        (operation.name, without_places(operation.raises))
        for operation in analysis.app.operations
        if operation.raises
    )


def _source_roots(analysis: Analysis, _item: Any) -> object:
    return analysis.app.source_roots


def _has_flows(analysis: Analysis, _item: Any) -> object:
    return bool(analysis.flows)


def _has_runs(analysis: Analysis, _item: Any) -> object:
    return any(operation.async_enabled for operation in analysis.app.operations)


def _override(analysis: Analysis, model: Any) -> object:
    return without_places(analysis.override(model))


_FACETS: Final[Mapping[str, _Facet]] = MappingProxyType(
    {
        "line": lambda _, item: (item.location.path, item.location.line),
        "file": lambda _, item: item.location.path,
        "class": lambda _, item: (item.module, item.qualname),
        "summary": lambda _, item: item.description.strip().partition("\n")[0],
        "listed": _listed,
        "targets": _targets,
        "plan": lambda _, flow: without_places(flow),
        "steps": _steps,
        "step_texts": _step_texts,
        "flow": _flow,
        "options": _options,
        "parameter_names": lambda _, flow: tuple(one.name for one in flow.parameters),
        "refusals": _refusals,
        "source_roots": _source_roots,
        "has_flows": _has_flows,
        "has_runs": _has_runs,
        "override": _override,
    }
)


def without_places(value: Any) -> object:
    """Return what can be compared, as tuples: a line that moved is no difference."""
    kind = type(value)
    if kind is str or kind is SourceLocation:
        return value if kind is str else None
    if names := _field_names(kind):  # type: ignore[arg-type]  # mypy: a class is hashable
        return tuple([without_places(getattr(value, name)) for name in names])
    if isinstance(value, tuple | list):
        return tuple(map(without_places, value))
    if isinstance(value, Mapping):
        return tuple((key, without_places(item)) for key, item in value.items())
    return value


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    """Return the names of a dataclass's fields, none for other classes."""
    is_record = dataclasses.is_dataclass(kind)
    return tuple(field.name for field in dataclasses.fields(kind)) if is_record else ()
