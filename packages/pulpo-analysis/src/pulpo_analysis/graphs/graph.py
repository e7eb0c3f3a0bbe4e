"""`AppGraph`: models, operations and flows as nodes, joined by typed edges with reasons.

Plain tuples: networkx is imported (in `questions`) only when somebody asks a graph question.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from pulpo_base.records import dataclass, replace
from pulpo_base.specs import SourceLocation

__all__ = ["AppGraph", "EdgeKind", "GraphEdge", "GraphNode", "NodeKind"]


class NodeKind(StrEnum):
    """What a node stands for."""

    MODEL = "model"
    OPERATION = "operation"
    FLOW = "flow"


class EdgeKind(StrEnum):
    """What an edge says of its two nodes."""

    READS = "READS"
    """An operation reads a model."""
    WRITES = "WRITES"
    """An operation creates or updates a model."""
    DEPENDS_ON = "DEPENDS_ON"
    """The source runs after the target (operations of one flow, or two flows)."""
    CONTAINS = "CONTAINS"
    """A flow holds a subflow or an operation."""
    RELATES = "RELATES"
    """A model refers to another model."""


@dataclass(frozen=True, slots=True, order=True)
class GraphNode:
    """A node; `id` is `kind:name`, unique in the graph."""

    id: str
    kind: NodeKind
    name: str
    location: SourceLocation | None = None


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A directed edge between two node ids, why it is there and where that is written."""

    source: str
    target: str
    kind: EdgeKind
    reason: str = ""
    location: SourceLocation | None = None


@dataclass(frozen=True, slots=True)
class AppGraph:
    """The graph of a project: nodes sorted by id, edges by source, target and kind."""

    nodes: tuple[GraphNode, ...] = ()
    edges: tuple[GraphEdge, ...] = ()

    def with_edges(self, edges: tuple[GraphEdge, ...]) -> AppGraph:
        """Return the graph with more edges, sorted and without repetitions."""
        merged = dict.fromkeys((*self.edges, *edges))
        ordered = sorted(merged, key=lambda e: (e.source, e.target, e.kind, e.reason))
        return replace(self, edges=tuple(ordered))

    def with_flows(self, names: Iterable[str]) -> AppGraph:
        """Return the graph with only these of its flow nodes: not every namespace is a flow."""
        kept = {f"{NodeKind.FLOW.value}:{name}" for name in names}
        nodes = tuple(n for n in self.nodes if n.kind is not NodeKind.FLOW or n.id in kept)
        ids = {node.id for node in nodes}
        edges = tuple(edge for edge in self.edges if edge.source in ids and edge.target in ids)
        return AppGraph(nodes, edges)

    def of_kind(self, kind: EdgeKind) -> tuple[GraphEdge, ...]:
        """Return the edges of one kind."""
        return tuple(edge for edge in self.edges if edge.kind is kind)
