"""A subflow is one node of its parent (docs/data-flow.md, rule 6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from pulpo_analysis.dataflow.digraph import find_cycle
from pulpo_analysis.dataflow.order import Edges
from pulpo_base.flows.plan import EdgeReason, OrderRule
from pulpo_base.specs import OperationSpec

__all__ = ["Interleaved", "contracted"]


@dataclass(frozen=True, slots=True)
class Interleaved:
    """Units of one flow that would each have to run before the other.

    `units` is the cycle of subflow and operation names, `edges` the pairs of operations behind it.
    """

    units: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]


def contracted(operations: Sequence[OperationSpec], edges: Edges) -> Edges | Interleaved:
    """Return the edges, and those that follow from subflows being single nodes.

    Where one unit runs before another, every last step of the first runs before every first
    step of the second. The edges must be acyclic.
    """
    answer = dict(edges)
    names = [operation.name for operation in operations]
    found = _contract(names, 1, answer)
    return found if found is not None else answer


def _contract(names: list[str], depth: int, edges: Edges) -> Interleaved | None:
    """Contract the units below one level, the innermost first."""
    units: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        units[_unit(name, depth)].append(name)
    for unit, members in units.items():
        if members != [unit]:
            found = _contract(members, depth + 1, edges)
            if found is not None:
                return found
    inside = set(names)
    between: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for before, after in edges:
        if before in inside and after in inside:
            pair = (_unit(before, depth), _unit(after, depth))
            if pair[0] != pair[1]:
                between[pair].append((before, after))
    cycle = find_cycle(between.keys())
    if cycle is not None:
        pairs = pairwise(cycle)
        behind = tuple(edge for pair in pairs for edge in sorted(between[pair])[:1])
        return Interleaved(tuple(cycle), behind)
    for (first, second), behind_edges in sorted(between.items()):
        _lift(units[first], units[second], behind_edges[0], edges)
    return None


def _unit(name: str, depth: int) -> str:
    """Return the part of a dotted name that stands for it at a level of nesting."""
    return ".".join(name.split(".")[: depth + 1])


def _lift(first: list[str], second: list[str], because: tuple[str, str], edges: Edges) -> None:
    """Put every last step of `first` before every first step of `second`."""
    if len(first) == 1 and len(second) == 1:
        return
    model = edges[because][0].model
    locations = edges[because][0].locations
    inside_first = {b for b, a in edges if b in first and a in first}
    inside_second = {a for b, a in edges if b in second and a in second}
    last = [name for name in first if name not in inside_first]
    start = [name for name in second if name not in inside_second]
    for pair in product(last, start):
        edges.setdefault(pair, (EdgeReason(OrderRule.SUBFLOW, model, locations),))
