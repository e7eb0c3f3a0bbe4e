"""The little graph theory that ordering needs; networkx costs more to import than all of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

__all__ = ["distances", "find_cycle", "reachable", "reduced", "topological"]

Pairs = Collection[tuple[str, str]]


def find_cycle(pairs: Pairs) -> list[str] | None:
    """Return the nodes of a cycle, the first repeated at the end, or `None` where there is none."""
    try:
        TopologicalSorter(_predecessors(sorted(pairs))).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        smallest = cycle.index(min(cycle[:-1]))
        return [*cycle[smallest:-1], *cycle[:smallest], cycle[smallest]]
    return None


def topological(nodes: Sequence[str], pairs: Pairs) -> list[str]:
    """Return the nodes in an order that respects all pairs; ties keep the order of `nodes`.

    Raises `graphlib.CycleError` where there is none.
    """
    place = {node: index for index, node in enumerate(nodes)}
    sorter = TopologicalSorter(dict.fromkeys(nodes, ()))
    for before, after in pairs:
        sorter.add(after, before)
    sorter.prepare()
    ordered: list[str] = []
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted([*ready, *sorter.get_ready()], key=place.__getitem__)
        first = ready.pop(0)
        ordered.append(first)
        sorter.done(first)
    return ordered


def reachable(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Return, for each node with a successor, every node that a path leads to."""
    successors: defaultdict[str, set[str]] = defaultdict(set)
    for before, after in pairs:
        successors[before].add(after)
    answer: dict[str, frozenset[str]] = {}
    for node in list(successors):
        seen: set[str] = set()
        pending = list(successors[node])
        while pending:
            current = pending.pop()
            if current not in seen:
                seen.add(current)
                # What is known of a node need not be walked again.
                pending.extend(answer.get(current, successors.get(current, ())))
        answer[node] = frozenset(seen)
    return answer


def reduced(pairs: Pairs) -> set[tuple[str, str]]:
    """Return the pairs that no longer path implies (transitive reduction of an acyclic graph)."""
    further = reachable(pairs)
    successors: defaultdict[str, set[str]] = defaultdict(set)
    for before, after in pairs:
        successors[before].add(after)
    return {
        (before, after)
        for before, after in pairs
        if not any(
            after in further.get(middle, ()) for middle in successors[before] if middle != after
        )
    }


def distances(target: str, pairs: Pairs) -> dict[str, int]:
    """Return every node before `target` with the number of edges on the longest path to it.

    The longest path, because a node that comes before another source is never nearer than it.
    The graph must be acyclic.
    """
    before = _predecessors(pairs)
    ordered = TopologicalSorter(before).static_order()
    answer = {target: 0}
    # From the last node to the first: every successor is decided before its predecessors.
    for node in reversed([*ordered]):
        if node in answer:
            for previous in before.get(node, ()):
                answer[previous] = max(answer.get(previous, 0), answer[node] + 1)
    del answer[target]
    return answer


def _predecessors(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    before: defaultdict[str, list[str]] = defaultdict(list)
    for first, second in pairs:
        before[second].append(first)
    return before
