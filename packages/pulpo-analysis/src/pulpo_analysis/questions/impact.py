"""`impact`: what depends on a model, or on one of its fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.graphs.build import node_id
from pulpo_analysis.graphs.graph import NodeKind
from pulpo_analysis.questions.chains import reached
from pulpo_base.specs import ModelSpec, OperationSpec, SourceLocation, TypeRef

__all__ = ["Impact", "Use", "impact"]


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that depends on a model: what it is called, how it depends, and where it stands."""

    name: str
    how: str
    location: SourceLocation | None = None


@dataclass(frozen=True, slots=True)
class Impact:
    """What depends on a model, or with `field` on one of its fields.

    Which fields an operation uses is not known: `operations` are those of the model. `further`
    are the operations and models that the data of those reaches later.
    """

    model: str
    field: str = ""
    operations: tuple[Use, ...] = ()
    flows: tuple[Use, ...] = ()
    models: tuple[Use, ...] = ()
    indexes: tuple[Use, ...] = ()
    further: tuple[Use, ...] = ()


def impact(model: ModelSpec, field: str, analysis: Analysis) -> Impact:
    """Return what depends on a model of the project, or on its field of that name."""
    operations = _operations(model, analysis)
    direct = {use.name for use in operations}
    return Impact(
        model=model.name,
        field=field,
        operations=operations,
        flows=_flows(direct, analysis),
        models=tuple(_related(model, field, analysis)),
        indexes=tuple(_indexes(model, field)),
        further=_further(model, direct, analysis),
    )


def _operations(model: ModelSpec, analysis: Analysis) -> tuple[Use, ...]:
    uses = ((op, _hows(op, model)) for op in analysis.app.operations)
    return tuple(Use(op.name, ", ".join(hows), op.location) for op, hows in uses if hows)


def _hows(operation: OperationSpec, model: ModelSpec) -> list[str]:
    hows = []
    read, written = (
        model.name in (names or ()) for names in (operation.models_in, operation.models_out)
    )
    if read or written:
        hows.append("updates" if read and written else "reads" if read else "creates")
    for word, ref in (("takes", operation.inputs), ("returns", operation.outputs)):
        if ref is not None and _mentions(ref, model):
            hows.append(f"{word} it")
    return hows


def _mentions(ref: TypeRef, model: ModelSpec) -> bool:
    return any(part.name == model.key for part in ref.walk())


def _flows(operations: set[str], analysis: Analysis) -> tuple[Use, ...]:
    found = []
    for flow in analysis.flows:
        steps = [step.operation for step in flow.steps if step.operation in operations]
        if steps:
            found.append(Use(flow.name, f"runs {', '.join(steps)}"))
    return tuple(found)


def _related(model: ModelSpec, field: str, analysis: Analysis) -> Iterable[Use]:
    for relation in model.relations if field else ():
        if relation.name == field:
            yield Use(relation.target, f"{model.name}.{field} links to it", relation.location)
    for other in analysis.app.models if not field else ():
        for relation in other.relations:
            if relation.target == model.name:
                how = f"{other.name}.{relation.name} {'leads back' if relation.back else 'links'}"
                yield Use(other.name, how, relation.location or other.location)


def _indexes(model: ModelSpec, field: str) -> Iterable[Use]:
    for index in model.indexes:
        keys = [name for name, _ in index.keys]
        if not field or field in {key.partition(".")[0] for key in keys}:
            name = index.name or "+".join(keys)
            yield Use(name, "unique" if index.unique else "index", model.location)
    for spec in model.fields:
        if (spec.unique or spec.indexed) and field in {"", spec.name}:
            how = "unique" if spec.unique else "index"
            yield Use(spec.name, how, spec.location or model.location)


def _further(model: ModelSpec, direct: set[str], analysis: Analysis) -> tuple[Use, ...]:
    """Return what comes later in the lineage, without the model and its own operations."""
    start = node_id(NodeKind.MODEL, model.name)
    known = {start, *(node_id(NodeKind.OPERATION, name) for name in direct)}
    ids = reached({start}, analysis.graph) - known
    return tuple(
        Use(node.name, node.kind.value, node.location)
        for node in analysis.graph.nodes
        if node.id in ids and node.kind is not NodeKind.FLOW
    )
