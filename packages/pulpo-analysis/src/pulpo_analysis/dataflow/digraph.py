"""The little graph theory that ordering needs; networkx costs more to import than all of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

__all__ = ["Distances", "find_cycle", "reachable", "reduced", "topological"]

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
    names, successors = _numbered(pairs)
    further = _further(successors)
    return {names[node]: frozenset(_named(names, found)) for node, found in further.items()}


def reduced(pairs: Pairs) -> set[tuple[str, str]]:
    """Return the pairs that no longer path implies (transitive reduction of an acyclic graph)."""
    names, successors = _numbered(pairs)
    further = _further(successors)
    answer: set[tuple[str, str]] = set()
    for before, after in successors.items():
        implied = 0
        for middle in _numbers(after):
            implied |= further.get(middle, 0)
        answer.update((names[before], name) for name in _named(names, after & ~implied))
    return answer


# Sets of nodes are numbers with a bit per node: where many operations touch one model there are
# as many pairs as the square of them, and a union of such numbers is one step.


def _numbered(pairs: Iterable[tuple[str, str]]) -> tuple[list[str], dict[int, int]]:
    """Return the names of the nodes by number, and the set of successors of each number."""
    number: dict[str, int] = {}
    successors: defaultdict[int, int] = defaultdict(int)
    for before, after in pairs:
        first = number.setdefault(before, len(number))
        successors[first] |= 1 << number.setdefault(after, len(number))
    return list(number), dict(successors)


def _further(successors: Mapping[int, int]) -> dict[int, int]:
    """Return, for each node with successors, the set of those that a path leads to."""
    answer: dict[int, int] = {}
    for node in reversed(list(successors)):
        seen, pending = 0, successors[node]
        while pending:
            lowest = pending & -pending
            current = lowest.bit_length() - 1
            # What is known of a node need not be walked again.
            seen |= lowest | answer.get(current, 0)
            if current not in answer:
                pending |= successors.get(current, 0)
            pending &= ~seen
        answer[node] = seen
    return answer


def _numbers(nodes: int) -> Iterator[int]:
    while nodes:
        lowest = nodes & -nodes
        yield lowest.bit_length() - 1
        nodes ^= lowest


def _named(names: Sequence[str], nodes: int) -> Iterator[str]:
    return (names[number] for number in _numbers(nodes))


class Distances:
    """How far nodes are before others in an acyclic graph, sorted once for all of them."""

    def __init__(self, pairs: Pairs) -> None:
        """Order the nodes, the last first: successors are decided before their predecessors."""
        self._before = _predecessors(pairs)
        self._ordered = [*TopologicalSorter(self._before).static_order()][::-1]

    def to(self, target: str) -> dict[str, int]:
        """Return every node before `target` with the number of edges on the longest path to it.

        The longest path, because a node that comes before another source is never nearer than it.
        """
        answer = {target: 0}
        for node in self._ordered:
            if node in answer:
                for previous in self._before.get(node, ()):
                    answer[previous] = max(answer.get(previous, 0), answer[node] + 1)
        del answer[target]
        return answer


def _predecessors(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    before: defaultdict[str, list[str]] = defaultdict(list)
    for first, second in pairs:
        before[second].append(first)
    return before
