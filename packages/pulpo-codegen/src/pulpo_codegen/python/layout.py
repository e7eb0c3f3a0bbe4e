"""Expressions of calls and tuples, broken over lines as `ruff format` would break them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pulpo_codegen.render.escapes import columns
from pulpo_codegen.render.python import LINE_LENGTH
from pulpo_codegen.render.source import Source

__all__ = ["Bracketed", "Node", "call", "laid_out", "sequence", "signature", "subscript"]

_STEP = 4


class Bracketed:
    """`opening item, item closing`; each item may have text before it, such as `name=`.

    A tuple of one item needs its comma even on one line. `flat` is all of it on one line, `width`
    the columns of that.
    """

    __slots__ = ("closing", "flat", "items", "opening", "width")

    flat: str

    def __init__(
        self,
        opening: str,
        closing: str,
        items: tuple[tuple[str, Node], ...],
        *,
        needs_comma: bool = False,
    ) -> None:
        """Join the items, whose own flat text is there already."""
        self.opening = opening
        self.closing = closing
        self.items = items
        flat = ", ".join(
            [prefix + (item if isinstance(item, Source) else item.flat) for prefix, item in items]
        )
        self.flat = f"{opening}{flat}{',' if needs_comma else ''}{closing}"
        self.width = columns(self.flat)


Node: TypeAlias = "Source | Bracketed"


def call(function: Source, arguments: Mapping[str, Node]) -> Bracketed:
    """Return a call with these keyword arguments, in this order."""
    items = tuple((f"{key}=", value) for key, value in arguments.items())
    return Bracketed(f"{function}(", ")", items)


def sequence(items: Sequence[Node]) -> Bracketed:
    """Return a tuple."""
    return Bracketed("(", ")", tuple(("", item) for item in items), needs_comma=len(items) == 1)


def subscript(name: Source, parameters: Sequence[Node]) -> Bracketed:
    """Return a subscript such as `Annotated[str, Field(…)]`."""
    return Bracketed(f"{name}[", "]", tuple(("", item) for item in parameters))


def signature(name: str, parameters: Sequence[tuple[str, str]], returns: str) -> Source:
    """Return what stands between `async def` and the colon; parameters are names with types."""
    items = tuple((f"{parameter}: ", Source(kind)) for parameter, kind in parameters)
    around = {"before": len("async def "), "after": len(f" -> {returns}:")}
    return Source(f"{laid_out(Bracketed(f'{name}(', ')', items), **around)} -> {returns}")


def laid_out(node: Node, *, before: int = 0, after: int = 0, indent: int = 0) -> Source:
    """Return the expression as source.

    `before` is how many characters precede it on its first line and `after` how many follow on
    its last, `indent` the indentation that its closing bracket goes back to.
    """
    return Source(_lay_out(node, before + after, indent))


def _lay_out(node: Node, before: int, indent: int) -> str:
    if isinstance(node, Source):
        return node
    if before + node.width <= LINE_LENGTH:
        return node.flat
    inner = " " * (indent + _STEP)
    lines = [node.opening]
    for prefix, item in node.items:
        # One more character: the comma behind the item counts for the line.
        laid = _lay_out(item, indent + _STEP + columns(prefix) + 1, indent + _STEP)
        lines.append(f"{inner}{prefix}{laid},")
    lines.append(" " * indent + node.closing)
    return "\n".join(lines)
