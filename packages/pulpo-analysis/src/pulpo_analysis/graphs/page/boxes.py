"""What a view is made of: boxes, groups of boxes, and the lines between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Box", "Group", "Line", "Placed", "Point"]

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """Something to draw, in pixels; `key` is unique in its view."""

    key: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Group:
    """Boxes and groups drawn inside a frame with a title, which takes `head` pixels above.

    A `column` has its children below one another, as they are given, whatever joins them.
    """

    key: str
    children: tuple[Box | Group, ...]
    head: float = 30
    padding: float = 14
    column: bool = False

    def boxes(self) -> Iterator[Box]:
        """Yield the boxes inside, at whatever depth."""
        for child in self.children:
            if isinstance(child, Group):
                yield from child.boxes()
            else:
                yield child


@dataclass(frozen=True, slots=True)
class Line:
    """A line from one box to another; the offsets say how far below their tops it ends.

    `None` is the middle.
    """

    source: str
    target: str
    source_y: float | None = None
    target_y: float | None = None


@dataclass(slots=True)
class Placed:
    """Where everything is: frames and boxes as (x, y, width, height), lines as points."""

    boxes: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)
    groups: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)
    routes: dict[Line, tuple[Point, ...]] = field(default_factory=dict)
    width: float = 0
    height: float = 0
