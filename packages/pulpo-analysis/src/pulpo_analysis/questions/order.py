"""`why`: why one operation (or flow) runs before another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.graphs.build import node_id
from pulpo_analysis.graphs.graph import EdgeKind, NodeKind
from pulpo_analysis.questions.chains import shortest
from pulpo_base.flows.plan import EdgeReason, FlowEdge, FlowPlan, OrderRule

__all__ = ["Order", "Why", "why"]


class Order(StrEnum):
    """How two things stand to each other in time."""

    BEFORE = "before"
    AFTER = "after"
    PARALLEL = "parallel"
    """Steps of one flow without a path between them: they may run at the same time."""
    SEPARATE = "separate"
    """No steps of one flow: whoever starts them decides."""
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Why:
    """How `first` stands to `second`, and the chain of edges that says so.

    `flow` is the flow that both are steps of, empty where there is none. Of two separate
    operations the `chain` is that between their flows: drawn for a reader, enforced by nobody.
    """

    first: str
    second: str
    order: Order
    flow: str = ""
    chain: tuple[FlowEdge, ...] = ()


def why(first: str, second: str, analysis: Analysis) -> Why:
    """Return how two operations, or two flows, stand to each other in time."""
    if first == second:
        return Why(first, second, Order.SAME)
    one, two = _flow_of(first, analysis), _flow_of(second, analysis)
    if one is None or two is None or one.name != two.name or first == one.name:
        ends = tuple(flow.name if flow else name for flow, name in ((one, first), (two, second)))
        between = _between_flows(analysis)
        return Why(first, second, Order.SEPARATE, chain=_chain(ends[0], ends[1], between))
    if chain := _chain(first, second, one.edges):
        return Why(first, second, Order.BEFORE, one.name, chain)
    if chain := _chain(second, first, one.edges):
        return Why(first, second, Order.AFTER, one.name, chain)
    return Why(first, second, Order.PARALLEL, one.name)


def _flow_of(name: str, analysis: Analysis) -> FlowPlan | None:
    if flow := analysis.flow(name):
        return flow
    flow = analysis.flow(name.partition(".")[0])
    steps = flow.steps if flow else ()
    return flow if any(step.operation == name for step in steps) else None


def _between_flows(analysis: Analysis) -> list[FlowEdge]:
    flows = {node_id(NodeKind.FLOW, flow.name): flow.name for flow in analysis.flows}
    edges = []
    for edge in analysis.graph.of_kind(EdgeKind.DEPENDS_ON):
        if edge.source in flows and edge.target in flows:
            rule, _, model = edge.reason.partition(" ")
            places = (edge.location,) if edge.location else ()
            reason = EdgeReason(OrderRule(rule), model or None, places)
            edges.append(FlowEdge(flows[edge.target], flows[edge.source], (reason,)))
    return edges


def _chain(first: str, last: str, edges: Iterable[FlowEdge]) -> tuple[FlowEdge, ...]:
    return shortest(first, last, ((edge.before, edge.after, edge) for edge in edges))
