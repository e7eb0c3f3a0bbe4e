"""From an `AppSpec` to its `AppGraph`; the order between operations is added by data flow."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pulpo_analysis.graphs.graph import (
    INFERRED,
    AppGraph,
    EdgeKind,
    GraphEdge,
    GraphNode,
    NodeKind,
)
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.specs import OperationSpec, SourceLocation

__all__ = ["build_graph", "node_id"]


def node_id(kind: NodeKind, name: str) -> str:
    """Return the id of a node: `model:Order`, `operation:orders.place`, `flow:orders`."""
    return f"{kind.value}:{name}"


def build_graph(app: AppSpec) -> AppGraph:
    """Return nodes for models, operations and namespaces, with READS WRITES CONTAINS RELATES."""
    namespaces = sorted({name for op in app.operations for name in _namespaces(op)})
    nodes = [
        *(
            GraphNode(node_id(NodeKind.MODEL, m.name), NodeKind.MODEL, m.name, m.location)
            for m in app.models
        ),
        *(
            GraphNode(node_id(NodeKind.OPERATION, o.name), NodeKind.OPERATION, o.name, o.location)
            for o in app.operations
        ),
        *(GraphNode(node_id(NodeKind.FLOW, name), NodeKind.FLOW, name) for name in namespaces),
    ]
    graph = AppGraph(nodes=tuple(sorted(nodes, key=lambda node: node.id)))
    return graph.with_edges((*_relations(app), *_accesses(app), *_containment(app)))


def _namespaces(operation: OperationSpec) -> Iterator[str]:
    for size in range(1, len(operation.path)):
        yield ".".join(operation.path[:size])


def _relations(app: AppSpec) -> Iterator[GraphEdge]:
    for model in app.models:
        for relation in model.relations:
            yield GraphEdge(
                node_id(NodeKind.MODEL, model.name),
                node_id(NodeKind.MODEL, relation.target),
                EdgeKind.RELATES,
                f"{relation.name} ({relation.cardinality}{', back' if relation.back else ''})",
                relation.location or model.location,
            )


def _accesses(app: AppSpec) -> Iterator[GraphEdge]:
    for operation in app.operations:
        source = node_id(NodeKind.OPERATION, operation.name)
        for model in operation.models_in or ():
            target = node_id(NodeKind.MODEL, model)
            reason, place = _reason(operation, "models_in", model, "models_in")
            yield GraphEdge(source, target, EdgeKind.READS, reason, place)
        for model in operation.models_out or ():
            target = node_id(NodeKind.MODEL, model)
            updates = model in (operation.models_in or ())
            word = "updates" if updates else "creates"
            reason, place = _reason(operation, "models_out", model, word)
            yield GraphEdge(source, target, EdgeKind.WRITES, reason, place)


def _reason(
    operation: OperationSpec, argument: str, model: str, word: str
) -> tuple[str, SourceLocation]:
    """Return the reason of an edge and its place: the statement where it was inferred."""
    if argument in operation.inferred:
        return f"{word} {INFERRED}", operation.said_at(model)
    return word, operation.location


def _containment(app: AppSpec) -> Iterator[GraphEdge]:
    for operation in app.operations:
        chain = list(_namespaces(operation))
        for outer, inner in pairwise(chain):
            yield GraphEdge(
                node_id(NodeKind.FLOW, outer), node_id(NodeKind.FLOW, inner), EdgeKind.CONTAINS
            )
        if chain:
            yield GraphEdge(
                node_id(NodeKind.FLOW, chain[-1]),
                node_id(NodeKind.OPERATION, operation.name),
                EdgeKind.CONTAINS,
                location=operation.location,
            )
