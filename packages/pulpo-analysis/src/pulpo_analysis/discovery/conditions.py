"""Which statements of a body run, where the source itself says so."""

from __future__ import annotations

import ast
import operator
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["running"]

_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}

#: What the interpreter says of itself, by the last part of its name.
_KNOWN: dict[str, Any] = {
    "TYPE_CHECKING": True,  # the names are there for annotations, which is what is read
    "version_info": tuple(sys.version_info[:3]),
    "sys.platform": sys.platform,
    "os.name": os.name,
    "__name__": "",  # an imported module is never `__main__`
}


class _UnknownError(Exception):
    """The condition depends on what is known at run time only."""


def running(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run, those inside `if`, `try` and `with` included.

    Where two give a name its meaning, the one that counts comes last, as it does in Python. Of
    `try` and `except` that is the `try`: the rest stands in for what is not installed. A
    condition that is not known yields both sides.
    """
    for node in body:
        match node:
            case ast.If(test=test, body=inside, orelse=otherwise):
                verdict = _verdict(test)
                if verdict is not False:
                    yield from running(inside)
                if verdict is not True:
                    yield from running(otherwise)
            case ast.Try() | ast.TryStar():
                for handler in node.handlers:
                    yield from running(handler.body)
                yield from running(node.body)
                yield from running(node.orelse)
                yield from running(node.finalbody)
            case ast.With(body=inside):
                yield from running(inside)
            case _:
                yield node


def _verdict(test: ast.expr) -> bool | None:
    try:
        return bool(_value(test))
    except (_UnknownError, TypeError, LookupError):
        return None


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Tuple(elts=items):
            return tuple(_value(item) for item in items)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _named(node, name)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand)
        case ast.Subscript(value=ast.Attribute() | ast.Name() as base, slice=index):
            return _value(base)[_index(index)]
        case ast.Compare(left=left, ops=[comparison], comparators=[right]):
            compare = _COMPARISONS.get(type(comparison))
            if compare is not None:
                return compare(_value(left), _value(right))
        case ast.BoolOp():
            return _joined(node)
    raise _UnknownError


def _joined(node: ast.BoolOp) -> bool:
    """Return what `and` or `or` says; one side may decide although the other is not known."""
    verdicts = [_verdict(value) for value in node.values]
    decisive = isinstance(node.op, ast.Or)
    if decisive in verdicts:
        return decisive
    if None in verdicts:
        raise _UnknownError
    return not decisive


def _named(node: ast.expr, name: str) -> Any:
    dotted = ast.unparse(node)
    if dotted in _KNOWN or name in {"TYPE_CHECKING", "version_info"}:
        return _KNOWN[dotted if dotted in _KNOWN else name]
    raise _UnknownError


def _index(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=int() as index):
            return index
        case ast.Slice(lower=None, upper=ast.Constant(value=int() as stop), step=None):
            return slice(stop)
    raise _UnknownError
