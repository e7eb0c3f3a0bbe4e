"""How wide text is, and which lines of it stand in a box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from unicodedata import east_asian_width

from pulpo_base.specs import FieldSpec, ModelSpec, TypeKind

__all__ = ["FIELD_HEIGHT", "HEAD_HEIGHT", "field_rows", "shortened", "width_of"]

#: Pixels of a line of a model's box, and of its head.
FIELD_HEIGHT: Final = 19.0
HEAD_HEIGHT: Final = 32.0

#: Pixels that a character of the page's monospaced fonts takes, and how many a text may have.
_CHAR: Final = 7.3
_LONGEST: Final = 34
_LONGEST_TYPE: Final = 22
_PADDING: Final = 26.0
_GAP: Final = 18.0


def shortened(text: str, longest: int = _LONGEST) -> str:
    """Return text that fits into a box: what is too long ends in `…`."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def width_of(title: str, rows: Sequence[tuple[str, str]] = ()) -> float:
    """Return the width of a box with a title and rows of names and types, in pixels."""
    widest = max([_pixels(shortened(title)) + 8, 90.0])
    for name, kind in rows:
        widest = max(widest, _pixels(name) + (_GAP + _pixels(kind) if kind else 0))
    return widest + _PADDING


def field_rows(model: ModelSpec, most: int) -> list[tuple[str, str]]:
    """Return name and type of a model's fields; of too many, those that tell most, and a count."""
    fields = [spec for spec in model.fields if not spec.is_back_link]
    if len(fields) > most:
        telling = [spec for spec in fields if _tells(spec)]
        chosen = (telling + [spec for spec in fields if spec not in telling])[: most - 1]
        fields = [spec for spec in fields if spec in chosen]
    rows = [(shortened(spec.name), shortened(str(spec.type), _LONGEST_TYPE)) for spec in fields]
    left = sum(not spec.is_back_link for spec in model.fields) - len(fields)
    return [*rows, (f"… {left} more", "")] if left else rows


def _tells(spec: FieldSpec) -> bool:
    linked = any(ref.kind is TypeKind.LINK for ref in spec.type.walk())
    return linked or spec.unique or spec.name == "id"


def _pixels(text: str) -> float:
    return sum(_CHAR * (2 if east_asian_width(char) in "WF" else 1) for char in text)
