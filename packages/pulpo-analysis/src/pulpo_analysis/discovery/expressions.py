"""Expressions as plain values: what remains of a syntax tree once a file has been read."""

from __future__ import annotations

import ast
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from pulpo_base.records import dataclass

__all__ = ["Expression", "ExpressionKind", "ExpressionReader", "parse_annotation"]


_LONGEST_NUMBER = 4_300 * 3  # in bits, which are fewer than 4,300 digits


class ExpressionKind(StrEnum):
    """The forms that annotations, decorators and defaults are made of."""

    NAME = "name"
    """`value` is the dotted name."""
    CONSTANT = "constant"
    """`value` is the constant."""
    SUBSCRIPT = "subscript"
    """`args` are what is subscripted and then each parameter."""
    CALL = "call"
    """`args` are what is called and then each positional argument."""
    SEQUENCE = "sequence"
    MAPPING = "mapping"
    """`args` alternate keys and values."""
    UNION = "union"
    OPAQUE = "opaque"
    """Anything else; `value` says what, for messages."""


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression with its place (line and column count from 1)."""

    kind: ExpressionKind
    value: Any = None
    args: tuple[Expression, ...] = ()
    keywords: tuple[tuple[str, Expression], ...] = ()
    line: int = 1
    column: int = 1

    def keyword(self, name: str) -> Expression | None:
        """Return the keyword argument of that name, or `None`."""
        for key, value in self.keywords:
            if key == name:
                return value
        return None

    @property
    def callee(self) -> Expression:
        """What is called, where this is a call; otherwise the expression itself."""
        return self.args[0] if self.kind is ExpressionKind.CALL else self

    @property
    def positional(self) -> tuple[Expression, ...]:
        """The positional arguments of a call, or the parameters of a subscript."""
        return self.args[1:]

    def __str__(self) -> str:
        """Return the expression as messages show it: names and brackets, calls cut short."""
        match self.kind:
            case ExpressionKind.NAME | ExpressionKind.OPAQUE:
                return str(self.value)
            case ExpressionKind.CONSTANT:
                return repr(self.value)
            case ExpressionKind.UNION:
                return " | ".join(map(str, self.args))
            case ExpressionKind.SUBSCRIPT:
                return f"{self.args[0]}[{', '.join(map(str, self.positional))}]"
            case ExpressionKind.CALL:
                return f"{self.callee}(…)"
            case _:
                return "…"


@dataclass(frozen=True, slots=True)
class ExpressionReader:
    """Turns syntax nodes into expressions; `column` maps (line, byte offset) to a column."""

    column: Callable[[int, int], int]

    def read(self, node: ast.expr) -> Expression:
        """Return the expression of a node."""
        kind, value, args, keywords = self._parts(node)
        column = self.column(node.lineno, node.col_offset)
        return Expression(kind, value, args, keywords, node.lineno, column)

    def _parts(
        self, node: ast.expr
    ) -> tuple[ExpressionKind, Any, tuple[Expression, ...], tuple[tuple[str, Expression], ...]]:
        match node:
            case ast.Constant(value=value) if _is_text(value):
                return ExpressionKind.CONSTANT, value, (), ()
            case ast.Name() | ast.Attribute():
                dotted = _dotted(node)
                if dotted is not None:
                    return ExpressionKind.NAME, dotted, (), ()
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return ExpressionKind.CONSTANT, -number, (), ()
            case ast.Subscript(value=base, slice=inner):
                parameters = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                return ExpressionKind.SUBSCRIPT, None, self._all([base, *parameters]), ()
            case ast.Call(func=func, args=args, keywords=keywords):
                named = tuple((k.arg, self.read(k.value)) for k in keywords if k.arg is not None)
                # `f(**options)` hides its names: an entry of its own says so.
                hidden = tuple(("**", self.read(k.value)) for k in keywords if k.arg is None)
                return ExpressionKind.CALL, None, self._all([func, *args]), (*named, *hidden)
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                return ExpressionKind.SEQUENCE, None, self._all(items), ()
            case ast.Dict(keys=keys, values=values) if all(key is not None for key in keys):
                pairs = [item for pair in zip(keys, values, strict=True) for item in pair if item]
                return ExpressionKind.MAPPING, None, self._all(pairs), ()
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return ExpressionKind.UNION, None, self._all([left, right]), ()
        return ExpressionKind.OPAQUE, type(node).__name__, (), ()

    def _all(self, nodes: list[ast.expr]) -> tuple[Expression, ...]:
        return tuple(self.read(node) for node in nodes)


def parse_annotation(text: str, line: int, column: int) -> Expression | None:
    """Return the expression in a string annotation, placed where the string stands.

    `None` where the text is no expression.
    """
    try:
        node = ast.parse(text.strip(), mode="eval").body
        for part in ast.walk(node):
            if isinstance(part, ast.expr):
                part.lineno = line
        return ExpressionReader(lambda _line, _offset: column).read(node)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_text(value: object) -> bool:
    """Whether a constant can be written to a file.

    A string with a lone surrogate cannot, and no number of more digits than Python would print
    (4,300, https://docs.python.org/3/library/stdtypes.html#int-max-str-digits).
    """
    if isinstance(value, int):
        return value.bit_length() < _LONGEST_NUMBER
    if not isinstance(value, str) or value.isascii():
        return True
    return not any("\ud800" <= char <= "\udfff" for char in value)


def _dotted(node: ast.expr) -> str | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])
