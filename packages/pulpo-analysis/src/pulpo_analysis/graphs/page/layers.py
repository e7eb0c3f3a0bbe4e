"""A layered layout: longest-path layers, barycentre order, rows near their neighbours.

Lines go from left to right; those that cannot, because of a cycle, go back. A line over several
layers keeps a place free in each, which all lines of one source share, so that they run as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

__all__ = ["Layers", "acyclic", "layers_of", "ordered", "rows"]

Pair = tuple[str, str]
Slot = str | tuple[str, int]
"""A box, or the place that a box's lines keep free in a layer."""

_SWEEPS = 8


def acyclic(nodes: Sequence[str], pairs: Iterable[Pair]) -> dict[Pair, Pair]:
    """Return each pair with itself, or turned round where it would close a cycle."""
    successors: defaultdict[str, list[str]] = defaultdict(list)
    for source, target in dict.fromkeys(pairs):
        if source != target:
            successors[source].append(target)
    answer: dict[Pair, Pair] = {}
    done: set[str] = set()
    for root in nodes:
        if root in done:
            continue
        active = {root: iter(successors[root])}
        while active:
            node, rest = next(reversed(active.items()))
            near = next(rest, None)
            if near is None:
                del active[node]
                done.add(node)
            elif near in active:
                answer[node, near] = (near, node)
            else:
                answer[node, near] = (node, near)
                if near not in done:
                    active[near] = iter(successors[near])
    return answer


def layers_of(
    nodes: Sequence[str], pairs: Iterable[Pair], heights: Mapping[str, float], limit: float
) -> dict[str, int]:
    """Return the layer of each node: behind all it comes from, and no layer above `limit`."""
    successors: defaultdict[str, set[str]] = defaultdict(set)
    waiting = dict.fromkeys(nodes, 0)
    for source, target in set(pairs):
        successors[source].add(target)
        waiting[target] += 1
    place = {node: index for index, node in enumerate(nodes)}
    layer = dict.fromkeys(nodes, 0)
    filled: defaultdict[int, float] = defaultdict(float)
    ready = [node for node in nodes if not waiting[node]]
    while ready:
        node = ready.pop(0)
        while filled[layer[node]] and filled[layer[node]] + heights[node] > limit:
            layer[node] += 1
        filled[layer[node]] += heights[node]
        freed = []
        for near in successors[node]:
            layer[near] = max(layer[near], layer[node] + 1)
            waiting[near] -= 1
            if not waiting[near]:
                freed.append(near)
        ready.extend(sorted(freed, key=place.__getitem__))
    return layer


class Layers:
    """Slots in layers, joined by the short links that lines are made of."""

    def __init__(self, layer: Mapping[str, int], pairs: Iterable[Pair]) -> None:
        """Make a slot for each node, and for each layer that a pair passes."""
        self.slots: list[list[Slot]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
        for node, index in layer.items():
            self.slots[index].append(node)
        self.links: dict[tuple[Slot, Slot], None] = {}
        self.chains: dict[Pair, list[Slot]] = {}
        kept: set[Slot] = set()
        for source, target in pairs:
            between = range(layer[source] + 1, layer[target])
            chain: list[Slot] = [source, *((source, index) for index in between), target]
            for index in between:
                if (source, index) not in kept:
                    kept.add((source, index))
                    self.slots[index].append((source, index))
            self.chains[source, target] = chain
            self.links.update(dict.fromkeys(pairwise(chain)))

    def neighbours(self) -> tuple[dict[Slot, list[Slot]], dict[Slot, list[Slot]]]:
        """Return the slots to the left and to the right of each slot."""
        left: defaultdict[Slot, list[Slot]] = defaultdict(list)
        right: defaultdict[Slot, list[Slot]] = defaultdict(list)
        for one, other in self.links:
            right[one].append(other)
            left[other].append(one)
        return left, right


def ordered(layers: Layers) -> list[list[Slot]]:
    """Return the layers, each in an order in which few links cross."""
    left, right = layers.neighbours()
    slots = [list(layer) for layer in layers.slots]
    at = _places(slots)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        near = left if forward else right
        for layer in slots if forward else reversed(slots):
            centres = {slot: _centre(slot, near, at) for slot in layer}
            layer.sort(key=centres.__getitem__)
            at.update(_places([layer]))
    return slots


def _centre(slot: Slot, near: Mapping[Slot, list[Slot]], at: Mapping[Slot, float]) -> float:
    """Return the middle of what a slot is joined to; its own where it is joined to nothing."""
    others = [at[other] for other in near.get(slot, ())]
    return sum(others) / len(others) if others else at[slot]


def _places(slots: Sequence[Sequence[Slot]]) -> dict[Slot, float]:
    """Return how far down its layer each slot is, from 0 to 1."""
    return {slot: (index + 0.5) / len(layer) for layer in slots for index, slot in enumerate(layer)}


def rows(
    layers: Layers, order: Sequence[Sequence[Slot]], heights: Mapping[Slot, float], gap: float
) -> dict[Slot, float]:
    """Return the middle of each slot: near those that it is joined to, none over another."""
    left, right = layers.neighbours()
    middle: dict[Slot, float] = {}
    for layer in order:
        middle.update(_apart(layer, dict.fromkeys(layer, 0.0), heights, gap))
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        near = left if forward else right
        for layer in order if forward else reversed(order):
            wanted = {slot: _centre(slot, near, middle) for slot in layer}
            middle.update(_apart(layer, wanted, heights, gap))
    return middle


def _apart(
    layer: Sequence[Slot], wanted: Mapping[Slot, float], heights: Mapping[Slot, float], gap: float
) -> dict[Slot, float]:
    """Return the middles nearest to those wanted (least squares) at which nothing overlaps.

    Pool adjacent violators: neighbours that would overlap move as one block.
    """
    offsets: list[float] = []
    offset = 0.0
    for index, slot in enumerate(layer):
        if index:
            offset += (heights[layer[index - 1]] + heights[slot]) / 2 + gap
        offsets.append(offset)
    blocks: list[tuple[float, int]] = []
    for slot, offset in zip(layer, offsets, strict=True):
        total, count = wanted[slot] - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            more, others = blocks.pop()
            total, count = total + more, count + others
        blocks.append((total, count))
    bases = [total / count for total, count in blocks for _ in range(count)]
    return {slot: base + offset for slot, base, offset in zip(layer, bases, offsets, strict=True)}
