"""`AppGraph`: models, operations and flows as nodes, joined by typed edges with reasons.

Plain tuples: the questions asked of them need no library.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from pulpo_base.specs import SourceLocation

__all__ = ["INFERRED", "AppGraph", "EdgeKind", "GraphEdge", "GraphNode", "NodeKind"]

#: Ends the reason of an edge that nobody declared and the function's body showed.
INFERRED = "(inferred)"


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

    @property
    def lineage(self) -> tuple[str, str] | None:
        """The nodes in the direction in which data goes; `None` where the edge moves no data.

        A model goes into who reads it, who writes goes into the model, and what runs first
        goes into what depends on it.
        """
        match self.kind:
            case EdgeKind.READS | EdgeKind.DEPENDS_ON:
                return self.target, self.source
            case EdgeKind.WRITES:
                return self.source, self.target
            case _:
                return None


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
        return self.only(n.id for n in self.nodes if n.kind is not NodeKind.FLOW or n.id in kept)

    def only(self, ids: Iterable[str]) -> AppGraph:
        """Return the graph with these nodes, and the edges between them."""
        kept = frozenset(ids)
        nodes = tuple(node for node in self.nodes if node.id in kept)
        edges = tuple(edge for edge in self.edges if edge.source in kept and edge.target in kept)
        return AppGraph(nodes, edges)

    def of_kinds(self, *kinds: NodeKind) -> AppGraph:
        """Return the graph with the nodes of these kinds, and the edges between them."""
        return self.only(node.id for node in self.nodes if node.kind in kinds)

    def around(self, ids: Iterable[str], depth: int) -> AppGraph:
        """Return the part that at most `depth` edges, in either direction, lead to from `ids`."""
        neighbours: defaultdict[str, set[str]] = defaultdict(set)
        for edge in self.edges:
            neighbours[edge.source].add(edge.target)
            neighbours[edge.target].add(edge.source)
        seen = set(ids)
        border = set(seen)
        for _ in range(depth):
            border = {near for node in border for near in neighbours[node]} - seen
            seen |= border
        return self.only(seen)

    def contents(self) -> dict[str, list[GraphNode]]:
        """Return, by the id of each flow, the nodes right inside it; by `""` those in no flow."""
        holders = {edge.target: edge.source for edge in self.of_kind(EdgeKind.CONTAINS)}
        inside: defaultdict[str, list[GraphNode]] = defaultdict(list)
        for node in self.nodes:
            inside[holders.get(node.id, "")].append(node)
        return dict(inside)

    def of_kind(self, kind: EdgeKind) -> tuple[GraphEdge, ...]:
        """Return the edges of one kind."""
        return tuple(edge for edge in self.edges if edge.kind is kind)
