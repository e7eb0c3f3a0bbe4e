"""Expressions of calls and tuples, broken over lines as `ruff format` would break them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulpo_codegen.render.python import LINE_LENGTH
from pulpo_codegen.render.source import Source

__all__ = ["Bracketed", "Node", "call", "laid_out", "sequence"]

_STEP = 4


@dataclass(frozen=True, slots=True)
class Bracketed:
    """`opening item, item closing`; each item may have text before it, such as `name=`.

    A tuple of one item needs its comma even on one line.
    """

    opening: str
    closing: str
    items: tuple[tuple[str, Node], ...]
    needs_comma: bool = False


Node = Source | Bracketed


def call(name: Source, *positional: Node, **keywords: Node) -> Bracketed:
    """Return a call with these arguments, in this order."""
    items = [("", item) for item in positional]
    items.extend((f"{key}=", value) for key, value in keywords.items())
    return Bracketed(f"{name}(", ")", tuple(items))


def sequence(items: Sequence[Node]) -> Bracketed:
    """Return a tuple."""
    return Bracketed("(", ")", tuple(("", item) for item in items), needs_comma=len(items) == 1)


def laid_out(node: Node, *, before: int = 0, indent: int = 0) -> Source:
    """Return the expression as source.

    `before` is how many characters precede it on its first line, `indent` the indentation that
    its closing bracket goes back to.
    """
    return Source(_lay_out(node, before, indent))


def _lay_out(node: Node, before: int, indent: int) -> str:
    flat = _flat(node)
    # One more character: the comma that follows an item, which counts for the line.
    if isinstance(node, Source) or before + len(flat) + 1 <= LINE_LENGTH:
        return flat
    inner = " " * (indent + _STEP)
    lines = [node.opening]
    for prefix, item in node.items:
        laid = _lay_out(item, indent + _STEP + len(prefix), indent + _STEP)
        lines.append(f"{inner}{prefix}{laid},")
    lines.append(" " * indent + node.closing)
    return "\n".join(lines)


def _flat(node: Node) -> str:
    if isinstance(node, Source):
        return node
    items = ", ".join(prefix + _flat(item) for prefix, item in node.items)
    return f"{node.opening}{items}{',' if node.needs_comma else ''}{node.closing}"
