"""`GET /api/graph`: how models, operations and flows hang together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, count, pairwise
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel

from pulpo_base.flows.definition import FlowDefinition
from pulpo_base.flows.plan import FlowPlan

__all__ = ["Graph", "GraphLink", "GraphNode", "graph_router"]

Entries = Sequence[Mapping[str, Any]]
#: Source, target, kind, reason.
_Edge = tuple[str, str, Literal["READS", "WRITES", "DEPENDS_ON", "CONTAINS", "RELATES"], str]


class GraphNode(BaseModel):
    """A model, an operation or a flow; ids are as `model:Order`."""

    id: str
    kind: Literal["model", "operation", "flow"]
    name: str


class GraphLink(BaseModel):
    """A link, and why it is there; `key` tells those between the same two nodes apart."""

    source: str
    target: str
    key: int
    kind: Literal["READS", "WRITES", "DEPENDS_ON", "CONTAINS", "RELATES"]
    reason: str


class Graph(BaseModel):
    """A graph in node-link form, as `pulpo graph --format json` writes it."""

    directed: Literal[True] = True
    multigraph: Literal[True] = True
    nodes: list[GraphNode]
    links: list[GraphLink]


def graph_router(
    *,
    models: Entries,
    operations: Entries,
    flows: Mapping[str, FlowDefinition],
    prefix: str = "/api",
) -> APIRouter:
    """Return a router that answers with the graph of the catalogue's models and operations.

    The order of operations is that of the flows' plans.
    """
    router = APIRouter(prefix=prefix, tags=["catalogue"])
    graph = _graph(models, operations, flows)

    @router.get(
        "/graph",
        operation_id="get_graph",
        summary="How models, operations and flows hang together",
    )
    async def get_graph() -> Graph:
        return graph

    return router


def _graph(models: Entries, operations: Entries, flows: Mapping[str, FlowDefinition]) -> Graph:
    plans = [flow.plan for flow in flows.values()]
    names = {
        "model": [model["name"] for model in models],
        "operation": [operation["name"] for operation in operations],
        "flow": [name for plan in plans for name in (plan.name, *plan.subflows)],
    }
    known = frozenset(names["flow"])
    nodes = [
        GraphNode(id=f"{kind}:{name}", kind=kind, name=name)  # type: ignore[arg-type]  # a literal
        for kind, those in names.items()
        for name in those
    ]
    keys: defaultdict[tuple[str, str], count[int]] = defaultdict(count)
    links = [
        GraphLink(
            source=source, target=target, key=next(keys[source, target]), kind=kind, reason=reason
        )
        for source, target, kind, reason in sorted(
            {
                *_relations(models),
                *_accesses(operations),
                *_containment(operations, known),
                *_order(plans),
            }
        )
    ]
    return Graph(nodes=sorted(nodes, key=lambda node: node.id), links=links)


def _relations(models: Entries) -> Iterator[_Edge]:
    for model in models:
        for relation in model.get("relations", ()):
            reason = f"{relation['name']} ({relation['cardinality']})"
            yield f"model:{model['name']}", f"model:{relation['target']}", "RELATES", reason


def _accesses(operations: Entries) -> Iterator[_Edge]:
    for operation in operations:
        source, reads = f"operation:{operation['name']}", operation.get("reads", ())
        for name in reads:
            yield source, f"model:{name}", "READS", "models_in"
        for name in operation.get("writes", ()):
            reason = "updates" if name in reads else "creates"
            yield source, f"model:{name}", "WRITES", reason


def _containment(operations: Entries, known: frozenset[str]) -> Iterator[_Edge]:
    for operation in operations:
        # `orders` and `orders.checkout` of `orders.checkout.price`; not every namespace is a flow.
        around = accumulate(operation["name"].split(".")[:-1], "{}.{}".format)
        flows = [f"flow:{name}" for name in around if name in known]
        for outer, inner in pairwise([*flows, f"operation:{operation['name']}"]):
            yield outer, inner, "CONTAINS", ""


def _order(plans: Sequence[FlowPlan]) -> Iterator[_Edge]:
    for plan in plans:
        for edge in plan.edges:
            for reason in edge.reasons:
                source, target = f"operation:{edge.after}", f"operation:{edge.before}"
                yield source, target, "DEPENDS_ON", str(reason)
