"""A view as SVG: every text of the user's is escaped, every number is rounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise

from pulpo_analysis.graphs.escapes import visible
from pulpo_analysis.graphs.page.boxes import Point
from pulpo_analysis.graphs.page.text import FIELD_HEIGHT, HEAD_HEIGHT, shortened
from pulpo_analysis.graphs.page.views import Connection, View

__all__ = ["svg"]

_MARGIN = 24
#: The styles of lines; each has an arrow head of its colour.
STYLES = ("reads", "creates", "updates", "depends", "one", "many")


def svg(view: View, numbers: Mapping[str, int]) -> str:
    """Return the SVG element of a view; `numbers` says how the page calls each node."""
    placed = view.placed
    size = (-_MARGIN, -_MARGIN, placed.width + 2 * _MARGIN, placed.height + 2 * _MARGIN)
    box = " ".join(_number(value) for value in size)
    lines = [
        f'<svg id="view-{view.key}" viewBox="{box}" data-box="{box}" aria-label="{view.title}">',
        "<defs>",
        *(_marker(view.key, style) for style in STYLES),
        "</defs>",
        *_groups(view, numbers),
        *_bands(view),
        *(_connection(view, one, numbers) for one in view.connections),
    ]
    for key in placed.boxes:
        lines.extend(_box(view, key, numbers))
    return "\n".join([*lines, "</svg>"])


def _marker(view: str, style: str) -> str:
    return (
        f'<marker id="{view}-{style}" class="head {style}" viewBox="0 0 8 8" refX="7.5" refY="4" '
        'markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
        '<path d="M0 0.5 8 4 0 7.5z"/></marker>'
    )


def _groups(view: View, numbers: Mapping[str, int]) -> Iterator[str]:
    for key, (x, y, width, height) in view.placed.groups.items():
        name = _text(view.labels[key])
        chosen = (
            f' data-n="{numbers[key]}" tabindex="0" role="button" aria-label="flow {name}"'
            if key in numbers
            else ""
        )
        yield (
            f'<g class="group"{chosen}>{_rect(x, y, width, height, 12)}'
            f'<text x="{_number(x + 14)}" y="{_number(y + 20)}">'
            f"{_text(shortened(view.labels[key]))}</text></g>"
        )


def _bands(view: View) -> Iterator[str]:
    for name, x, y, width, height in view.bands:
        yield (
            f'<g class="band">{_rect(x, y, width, height, 8)}'
            f'<text x="{_number(x + 8)}" y="{_number(y + 14)}">'
            f"{_text(shortened(f'stage {name}'))}</text></g>"
        )


def _connection(view: View, one: Connection, numbers: Mapping[str, int]) -> str:
    points = view.placed.routes[one.line]
    head = f"url(#{view.key}-{one.style})"
    start = f' marker-start="{head}"' if one.both else ""
    source, target = numbers[one.line.source], numbers[one.line.target]
    return (
        f'<path class="line {one.style}" data-a="{source}" data-b="{target}" d="{_curve(points)}" '
        f'marker-end="{head}"{start}><title>{_text(one.words)}</title></path>'
    )


def _curve(points: Sequence[Point]) -> str:
    """Return a path that leaves and arrives level, and is straight where a layer is passed."""
    (x, y), *passed, (end_x, _) = points
    if points[0] == points[-1] or (not passed and abs(end_x - x) < 1):
        return _beside(points)
    parts = [f"M{_number(x)} {_number(y)}"]
    forward = end_x >= x
    for (one_x, one_y), (two_x, two_y) in pairwise(points):
        if abs(two_y - one_y) < 1:
            parts.append(f"L{_number(two_x)} {_number(two_y)}")
            continue
        reach = max(abs(two_x - one_x) / 2, 12.0) * (1 if forward else -1)
        parts.append(
            f"C{_number(one_x + reach)} {_number(one_y)} {_number(two_x - reach)} "
            f"{_number(two_y)} {_number(two_x)} {_number(two_y)}"
        )
    return "".join(parts)


def _beside(points: Sequence[Point]) -> str:
    """Return a path between two places on one side of a column: a bow beside it."""
    (x, y), (end_x, end_y) = points[0], points[-1]
    if points[0] == points[-1]:
        # From the right side back to the right side of the same box.
        end_y = y - 14
    bow = 46.0 if points[0] == points[-1] else -46.0
    return (
        f"M{_number(x)} {_number(y)}C{_number(x + bow)} {_number(y)} "
        f"{_number(end_x + bow)} {_number(end_y)} {_number(end_x)} {_number(end_y)}"
    )


def _box(view: View, key: str, numbers: Mapping[str, int]) -> Iterator[str]:
    x, y, width, height = view.placed.boxes[key]
    kind, _, name = key.partition(":")
    rows = view.rows.get(key, ())
    yield (
        f'<g class="node {kind}" data-n="{numbers[key]}" tabindex="0" role="button" '
        f'aria-label="{kind} {_text(name)}" transform="translate({_number(x)} {_number(y)})">'
        f"<title>{_text(name)}</title>{_rect(0, 0, width, height, 7)}"
    )
    title = _text(shortened(view.labels[key]))
    if rows:
        yield f'<path class="rule" d="M0 {_number(HEAD_HEIGHT)}H{_number(width)}"/>'
        yield f'<text class="name" x="13" y="21">{title}</text>'
    else:
        yield f'<text class="name" x="13" y="{_number(height / 2 + 4.5)}">{title}</text>'
    for index, (field, type_) in enumerate(rows):
        at = _number(HEAD_HEIGHT + (index + 0.5) * FIELD_HEIGHT + 6)
        yield f'<text class="field" x="13" y="{at}">{_text(field)}</text>'
        if type_:
            right = _number(width - 13)
            yield f'<text class="type" x="{right}" y="{at}">{_text(type_)}</text>'
    yield "</g>"


def _rect(x: float, y: float, width: float, height: float, radius: int) -> str:
    return (
        f'<rect x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" '
        f'height="{_number(height)}" rx="{radius}"/>'
    )


def _number(value: float) -> str:
    # One place is enough for the eye, and the same on every machine.
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _text(text: str) -> str:
    return escape(visible(text))
