"""The shortest chain between two nodes, and `path`, the question for it."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pulpo_analysis.graphs.graph import AppGraph, GraphEdge

__all__ = ["Path", "closure", "find_path", "reached", "shortest"]

Edge = TypeVar("Edge")


@dataclass(frozen=True, slots=True)
class Path:
    """The shortest chain of edges from `start` to `end` (node ids); empty where there is none.

    `directed` is whether every edge leads in the direction in which data goes.
    """

    start: str
    end: str
    directed: bool = False
    edges: tuple[GraphEdge, ...] = ()


def find_path(graph: AppGraph, start: str, end: str) -> Path:
    """Return the shortest chain in the direction of data, else one along any edges."""
    moved = shortest(start, end, _lineage(graph))
    if moved or start == end:
        return Path(start, end, True, moved)
    return Path(start, end, False, shortest(start, end, _either_way(graph)))


def shortest(start: str, end: str, edges: Iterable[tuple[str, str, Edge]]) -> tuple[Edge, ...]:
    """Return the fewest edges that lead from `start` to `end`; of equals, those given first."""
    leading: defaultdict[str, list[tuple[str, Edge]]] = defaultdict(list)
    for source, target, edge in edges:
        leading[source].append((target, edge))
    came: dict[str, tuple[str, Edge]] = {}
    pending = deque([start])
    while pending and end not in came:
        node = pending.popleft()
        for near, edge in leading[node]:
            if near not in came and near != start:
                came[near] = (node, edge)
                pending.append(near)
    chain: list[Edge] = []
    while end in came:
        end, edge = came[end]
        chain.append(edge)
    return tuple(reversed(chain))


def reached(start: Iterable[str], graph: AppGraph, *, backwards: bool = False) -> set[str]:
    """Return the nodes that data from `start` reaches, or with `backwards` comes from.

    The start is among them.
    """
    steps: defaultdict[str, set[str]] = defaultdict(set)
    for source, target, _ in _lineage(graph):
        first, second = (target, source) if backwards else (source, target)
        steps[first].add(second)
    return closure(start, steps)


def closure(start: Iterable[str], steps: Mapping[str, Iterable[str]]) -> set[str]:
    """Return `start` and all that steps lead to from there."""
    seen = set(start)
    pending = list(seen)
    while pending:
        for near in steps.get(pending.pop(), ()):
            if near not in seen:
                seen.add(near)
                pending.append(near)
    return seen


def _lineage(graph: AppGraph) -> Iterator[tuple[str, str, GraphEdge]]:
    for edge in graph.edges:
        if pair := edge.lineage:
            yield (*pair, edge)


def _either_way(graph: AppGraph) -> Iterator[tuple[str, str, GraphEdge]]:
    for edge in graph.edges:
        yield edge.source, edge.target, edge
        yield edge.target, edge.source, edge
