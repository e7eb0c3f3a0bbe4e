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
    "version_info": tuple(sys.version_info[:3]),
    "sys.platform": sys.platform,
    "os.name": os.name,
    "__name__": "",  # an imported module is never `__main__`
}


class _UnknownError(Exception):
    """The condition depends on what is known at run time only."""


def running(body: list[ast.stmt], *, checking: bool = True) -> Iterator[ast.stmt]:
    """Yield the statements that run, those inside `if`, `try` and `with` included.

    Where two give a name its meaning, the one that counts comes last, as it does in Python. Of
    `try` and `except` that is the `try`: the rest stands in for what is not installed. A
    condition that is not known yields both sides. `checking` is what `TYPE_CHECKING` counts as: in
    a module it gives names for annotations, in a class it would give fields that are not there.
    """
    for node in body:
        match node:
            case ast.If(test=test, body=inside, orelse=otherwise):
                verdict = _verdict(test, checking)
                if verdict is not False:
                    yield from running(inside, checking=checking)
                if verdict is not True:
                    yield from running(otherwise, checking=checking)
            case ast.Try() | ast.TryStar():
                for handler in node.handlers:
                    yield from running(handler.body, checking=checking)
                yield from running(node.body, checking=checking)
                yield from running(node.orelse, checking=checking)
                yield from running(node.finalbody, checking=checking)
            case ast.With(body=inside):
                yield from running(inside, checking=checking)
            case _:
                yield node


def _verdict(test: ast.expr, checking: bool) -> bool | None:
    try:
        return bool(_value(test, checking))
    except (_UnknownError, TypeError, LookupError):
        return None


def _value(node: ast.expr, checking: bool) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Tuple(elts=items):
            return tuple(_value(item, checking) for item in items)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _named(node, name, checking)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand, checking)
        case ast.Subscript(value=ast.Attribute() | ast.Name() as base, slice=index):
            return _value(base, checking)[_index(index)]
        case ast.Compare(left=left, ops=[comparison], comparators=[right]):
            compare = _COMPARISONS.get(type(comparison))
            if compare is not None:
                return compare(_value(left, checking), _value(right, checking))
        case ast.BoolOp():
            return _joined(node, checking)
    raise _UnknownError


def _joined(node: ast.BoolOp, checking: bool) -> bool:
    """Return what `and` or `or` says; one side may decide although the other is not known."""
    verdicts = [_verdict(value, checking) for value in node.values]
    decisive = isinstance(node.op, ast.Or)
    if decisive in verdicts:
        return decisive
    if None in verdicts:
        raise _UnknownError
    return not decisive


def _named(node: ast.expr, name: str, checking: bool) -> Any:
    if name == "TYPE_CHECKING":
        return checking
    dotted = ast.unparse(node)
    if dotted in _KNOWN or name == "version_info":
        return _KNOWN[dotted if dotted in _KNOWN else name]
    raise _UnknownError


def _index(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=int() as index):
            return index
        case ast.Slice(lower=None, upper=ast.Constant(value=int() as stop), step=None):
            return slice(stop)
    raise _UnknownError
