"""The graph functions against definitions so plain that they cannot be wrong."""

from __future__ import annotations

from graphlib import CycleError
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulpo_analysis.dataflow.digraph import (
    Distances,
    find_cycle,
    reachable,
    reduced,
    topological,
)

NODES = "abcdefg"
Pair = tuple[str, str]
any_pairs = st.sets(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=20)
acyclic_pairs = any_pairs.map(lambda pairs: {(a, b) for a, b in pairs if a < b})


def _paths(pairs: set[Pair], start: str) -> list[list[str]]:
    """Return every path from a node, the node alone included."""
    found = [[start]]
    for before, after in pairs:
        if before == start:
            found.extend([start, *path] for path in _paths(pairs, after))
    return found


def _reachable(pairs: set[Pair], start: str) -> set[str]:
    found = {after for before, after in pairs if before == start}
    while more := {after for before, after in pairs if before in found} - found:
        found |= more
    return found


@given(any_pairs)
def test_reachable_is_the_transitive_closure(pairs: set[Pair]) -> None:
    answer = reachable(pairs)
    for node in NODES:
        assert answer.get(node, frozenset()) == _reachable(pairs, node)


@given(any_pairs)
def test_a_cycle_is_found_exactly_where_there_is_one(pairs: set[Pair]) -> None:
    cycle = find_cycle(pairs)
    assert (cycle is not None) == any(node in _reachable(pairs, node) for node in NODES)
    if cycle is not None:
        assert cycle[0] == cycle[-1] == min(cycle)
        assert set(pairwise(cycle)) <= pairs


@given(acyclic_pairs)
def test_topological_respects_every_pair(pairs: set[Pair]) -> None:
    order = topological(list(reversed(NODES)), pairs)
    assert sorted(order) == list(NODES)
    assert all(order.index(before) < order.index(after) for before, after in pairs)


def test_topological_keeps_the_given_order_where_it_may() -> None:
    assert topological(["c", "b", "a"], {("a", "b")}) == ["c", "a", "b"]
    with pytest.raises(CycleError):
        topological(["a", "b"], {("a", "b"), ("b", "a")})


@given(acyclic_pairs)
def test_reduction_keeps_the_closure_and_nothing_can_go(pairs: set[Pair]) -> None:
    kept = reduced(pairs)
    assert kept <= pairs
    assert reachable(kept) == reachable(pairs)
    for pair in kept:
        assert reachable(kept - {pair}) != reachable(kept)


@given(acyclic_pairs, st.sampled_from(NODES))
def test_distance_is_the_longest_path(pairs: set[Pair], target: str) -> None:
    wanted = {
        node: max(len(path) - 1 for path in paths)
        for node in NODES
        if node != target and (paths := [p for p in _paths(pairs, node) if p[-1] == target])
    }
    assert Distances(pairs).to(target) == wanted


def test_distance_through_many_layers_takes_no_time() -> None:
    layers = [[f"{depth}.{index}" for index in range(6)] for depth in range(40)]
    pairs = {(a, b) for first, second in pairwise(layers) for a in first for b in second}
    assert Distances(pairs).to("39.0")["0.3"] == 39
