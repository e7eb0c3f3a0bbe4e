"""Places boxes, groups and lines: each group by itself, inner ones first, each in layers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from pulpo_analysis.graphs.page.boxes import Box, Group, Line, Placed, Point
from pulpo_analysis.graphs.page.layers import Layers, Slot, acyclic, layers_of, ordered, rows

__all__ = ["arrange"]

#: Pixels between boxes of one layer, between layers, and between parts that nothing joins.
_ROW_GAP = 16.0
_LAYER_GAP = 76.0
_STACK_GAP = 9.0
_PART_GAP = 36.0
#: Pixels that lines passing a layer keep free.
_LANE = 6.0
#: How much wider than high a group may be, roughly.
_ASPECT = 1.7


def arrange(group: Group, lines: Sequence[Line], *, bounded: bool = True) -> Placed:
    """Return where everything in a group is, its own frame left out.

    With `bounded`, layers that would be much higher than the whole is wide are split.
    """
    inside = _Inside.of(group, lines, bounded=bounded)
    placed = Placed(width=inside.width, height=inside.height)
    inside.settle(placed, 0, 0)
    _routes(placed, lines, inside)
    return placed


@dataclass(slots=True)
class _Inside:
    """A group with its children placed, relative to the inside of its frame."""

    group: Group
    children: dict[str, _Inside]
    sizes: dict[str, tuple[float, float]]
    corners: dict[str, Point]
    lanes: dict[tuple[str, str], list[Point]]
    owner: dict[str, str]
    width: float = 0
    height: float = 0

    @classmethod
    def of(cls, group: Group, lines: Sequence[Line], *, bounded: bool) -> _Inside:
        """Place the children of a group, and theirs."""
        children = {
            child.key: cls.of(child, lines, bounded=bounded)
            for child in group.children
            if isinstance(child, Group)
        }
        sizes = {
            child.key: (child.width, child.height)
            if isinstance(child, Box)
            else _framed(child, children[child.key])
            for child in group.children
        }
        owner = {box.key: child.key for child in group.children for box in _boxes(child)}
        inside = cls(group, children, sizes, {}, {}, owner)
        ends = ((owner.get(line.source), owner.get(line.target)) for line in lines)
        pairs = [(one, two) for one, two in ends if one and two and one != two]
        if group.column:
            inside.stack()
        else:
            inside.place(pairs, bounded=bounded)
        return inside

    def stack(self) -> None:
        """Place the children below one another, all as wide as the widest."""
        for key, (width, height) in self.sizes.items():
            y = self.height + _STACK_GAP if self.height else 0
            self.corners[key] = (0, y)
            self.width, self.height = max(self.width, width), y + height
        self.sizes.update((key, (self.width, size[1])) for key, size in self.sizes.items())

    def place(self, pairs: Sequence[tuple[str, str]], *, bounded: bool) -> None:
        """Place what is joined together, then the parts beside and below one another."""
        parts = [
            _Part.of(part, pairs, self.sizes, bounded=bounded) for part in _parts(self.sizes, pairs)
        ]
        area = sum((p.width + _PART_GAP) * (p.height + _PART_GAP) for p in parts)
        limit = max([sqrt(area) * _ASPECT, *(part.width for part in parts)])
        x = y = deepest = 0.0
        # What is joined to something comes first, then what stands alone, as it is given.
        for part in sorted(parts, key=lambda part: len(part.corners) == 1):
            if x and x + part.width > limit:
                x, y, deepest = 0.0, y + deepest + _PART_GAP, 0.0
            for key, (left, top) in part.corners.items():
                self.corners[key] = (x + left, y + top)
            for pair, points in part.lanes.items():
                self.lanes[pair] = [(x + left, y + top) for left, top in points]
            self.width = max(self.width, x + part.width)
            self.height = max(self.height, y + part.height)
            x += part.width + _PART_GAP
            deepest = max(deepest, part.height)

    def settle(self, placed: Placed, x: float, y: float) -> None:
        """Write down where everything is, seen from the outermost group."""
        for key, (left, top) in self.corners.items():
            width, height = self.sizes[key]
            here = (x + left, y + top, width, height)
            inner = self.children.get(key)
            if inner is None:
                placed.boxes[key] = here
            else:
                placed.groups[key] = here
                inner.settle(placed, here[0] + inner.group.padding, here[1] + inner.group.head)
        self.lanes = {
            pair: [(x + left, y + top) for left, top in points]
            for pair, points in self.lanes.items()
        }

    def lane(self, line: Line) -> list[Point]:
        """Return the points that a line passes between its two boxes."""
        ends = self.owner[line.source], self.owner[line.target]
        inner = self.children.get(ends[0])
        if ends[0] == ends[1]:
            return inner.lane(line) if inner else []
        return self.lanes.get(ends, [])


@dataclass(slots=True)
class _Part:
    """What is joined together, in layers, with its top left corner at the origin."""

    corners: dict[str, Point]
    lanes: dict[tuple[str, str], list[Point]]
    width: float
    height: float

    @classmethod
    def of(
        cls,
        nodes: Sequence[str],
        pairs: Iterable[tuple[str, str]],
        sizes: Mapping[str, tuple[float, float]],
        *,
        bounded: bool,
    ) -> _Part:
        """Lay out one part."""
        known = set(nodes)
        turned = acyclic(nodes, (pair for pair in pairs if pair[0] in known))
        area = sum((sizes[n][0] + _LAYER_GAP) * (sizes[n][1] + _ROW_GAP) for n in nodes)
        tallest = max(sizes[node][1] for node in nodes)
        limit = max(sqrt(area), tallest) if bounded else float("inf")
        heights: dict[Slot, float] = {node: sizes[node][1] for node in nodes}
        spaced = {node: sizes[node][1] + _ROW_GAP for node in nodes}
        layer = layers_of(nodes, turned.values(), spaced, limit)
        layers = Layers(layer, dict.fromkeys(turned.values()))
        heights.update(
            {slot: _LANE for column in layers.slots for slot in column if slot not in heights}
        )
        order = ordered(layers)
        middle = rows(layers, order, heights, _ROW_GAP)
        top = min(middle[slot] - heights[slot] / 2 for slot in middle)
        left: list[float] = []
        wide = [
            max((sizes[s][0] for s in column if isinstance(s, str)), default=0) for column in order
        ]
        x = 0.0
        for width in wide:
            left.append(x)
            x += width + _LAYER_GAP
        corners = {
            node: (left[layer[node]], middle[node] - heights[node] / 2 - top) for node in nodes
        }
        lanes: dict[tuple[str, str], list[Point]] = {}
        for pair, way in turned.items():
            points: list[Point] = []
            for slot in layers.chains[way][1:-1]:
                index = int(slot[1])
                y = middle[slot] - top
                points.extend([(left[index], y), (left[index] + wide[index], y)])
            lanes[pair] = points if pair == way else points[::-1]
        bottom = max(middle[slot] + heights[slot] / 2 for slot in middle)
        return cls(corners, lanes, x - _LAYER_GAP, bottom - top)


def _routes(placed: Placed, lines: Iterable[Line], inside: _Inside) -> None:
    for line in lines:
        x, y, width, height = placed.boxes[line.source]
        start_y = y + (height / 2 if line.source_y is None else line.source_y)
        to_x, to_y, to_width, to_height = placed.boxes[line.target]
        end_y = to_y + (to_height / 2 if line.target_y is None else line.target_y)
        forward = to_x >= x + width or line.source == line.target
        start = (x + width if forward else x, start_y)
        end = (to_x if forward else to_x + to_width, end_y)
        if not forward and to_x + to_width > x:
            end = (to_x, end_y)  # above or below one another: round the left side
        lane = inside.lane(line) if line.source != line.target else []
        placed.routes[line] = (start, *lane, end)


def _boxes(child: Box | Group) -> Iterable[Box]:
    return child.boxes() if isinstance(child, Group) else (child,)


def _framed(group: Group, inside: _Inside) -> tuple[float, float]:
    width = inside.width + 2 * group.padding
    return max(width, group.head * 4), inside.height + group.head + group.padding


def _parts(nodes: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the nodes that are joined together, in the order that they are given."""
    near: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    part: dict[str, int] = {}
    parts: list[list[str]] = []
    for node in nodes:
        if node not in part:
            pending = [node]
            part[node] = len(parts)
            parts.append([])
            while pending:
                for other in near[pending.pop()]:
                    if other not in part:
                        part[other] = part[node]
                        pending.append(other)
        parts[part[node]].append(node)
    return parts
