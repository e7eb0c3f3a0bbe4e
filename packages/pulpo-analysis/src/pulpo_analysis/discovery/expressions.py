"""Expressions as plain values: what remains of a syntax tree once a file has been read."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Any

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
    TEXT = "text"
    """An f-string: `args` are its parts."""
    SUM = "sum"
    PRODUCT = "product"
    STAR = "star"
    """`*args[0]` in a sequence; as the key of a mapping it stands for `**`."""
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

    def mentions(self, name: str) -> bool:
        """Whether the expression refers to that name, at any depth."""
        if self.kind is ExpressionKind.NAME:
            return bool(self.value.partition(".")[0] == name)
        parts = (*self.args, *(value for _, value in self.keywords))
        return any(part.mentions(name) for part in parts)

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


#: Kind, value, arguments and keyword arguments of an expression.
_Parts = tuple[ExpressionKind, Any, tuple[Expression, ...], tuple[tuple[str, Expression], ...]]

_CALCULATED = {ast.Add: ExpressionKind.SUM, ast.Mult: ExpressionKind.PRODUCT}


@dataclass(frozen=True, slots=True)
class ExpressionReader:
    """Turns syntax nodes into expressions; `column` maps (line, byte offset) to a column."""

    column: Callable[[int, int], int]

    def read(self, node: ast.expr) -> Expression:
        """Return the expression of a node."""
        kind, value, args, keywords = self._parts(node)
        column = self.column(node.lineno, node.col_offset)
        return Expression(kind, value, args, keywords, node.lineno, column)

    def _parts(self, node: ast.expr) -> _Parts:
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
            case ast.BinOp():
                return self._operation(node)
        return self._composed(node)

    def _composed(self, node: ast.expr) -> _Parts:
        """Read collections and texts that are made of several expressions."""
        match node:
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                return ExpressionKind.SEQUENCE, None, self._all(items), ()
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                read = ((self.read(key) if key else _MERGED, self.read(at)) for key, at in pairs)
                return ExpressionKind.MAPPING, None, tuple(chain.from_iterable(read)), ()
            case ast.Starred(value=inner):
                return ExpressionKind.STAR, None, (self.read(inner),), ()
            case ast.JoinedStr(values=parts):
                return ExpressionKind.TEXT, None, self._all(parts), ()
            case ast.FormattedValue(value=inner, conversion=-1, format_spec=None):
                return ExpressionKind.TEXT, None, (self.read(inner),), ()
        return ExpressionKind.OPAQUE, type(node).__name__, (), ()

    def _operation(self, node: ast.BinOp) -> _Parts:
        if isinstance(node.op, ast.BitOr):
            return ExpressionKind.UNION, None, self._all([node.left, node.right]), ()
        kind = _CALCULATED.get(type(node.op))
        terms = _terms(node, type(node.op)) if kind else []
        if kind is None or len(terms) > _MOST_TERMS:
            return ExpressionKind.OPAQUE, "BinOp", (), ()
        return kind, None, self._all(terms), ()

    def _all(self, nodes: list[ast.expr]) -> tuple[Expression, ...]:
        return tuple(self.read(node) for node in nodes)


_MERGED = Expression(ExpressionKind.STAR)

#: A longer sum is generated, and no name of anything.
_MOST_TERMS = 100


def _terms(node: ast.expr, sign: type[ast.operator]) -> list[ast.expr]:
    """Return what `a + b + …` adds up; without recursion, since such chains can be long."""
    terms: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, sign):
        terms.append(node.right)
        node = node.left
    return [node, *reversed(terms)]


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
