"""Values of expressions that can be known without running them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ClassFact, ModuleFacts
from pulpo_analysis.discovery.sources import Sources
from pulpo_base.specs import SourceLocation

__all__ = ["UnknownValueError", "constant"]


class UnknownValueError(Exception):
    """The value of `expression`, in `module`, cannot be known without running the code."""

    def __init__(self, expression: Expression) -> None:
        """Remember which part it was."""
        self.expression = expression
        self.module: ModuleFacts | None = None
        super().__init__("not a constant")

    def place(self, fallback: ModuleFacts) -> SourceLocation:
        """Return where the unknown part stands, which may be another module than one began in."""
        return (self.module or fallback).at(self.expression.line, self.expression.column)


#: Names of other libraries whose value is part of their contract.
_EXTERNAL = {
    "pymongo.ASCENDING": 1,
    "pymongo.DESCENDING": -1,
    "pymongo.GEO2D": "2d",
    "pymongo.GEOSPHERE": "2dsphere",
    "pymongo.HASHED": "hashed",
    "pymongo.TEXT": "text",
}


def constant(
    sources: Sources,
    module: ModuleFacts,
    expression: Expression,
    seen: frozenset[str] = frozenset(),
    *,
    classes: bool = False,
) -> Any:
    """Return the value of a literal, of lists and mappings of them and their items, or a constant.

    A member of an enumeration stands for its value, and with `classes` a class of the project for
    its name. Raises `UnknownValueError` for everything else. `seen` are the constants on the way
    here: one that refers to itself has no value.
    """
    try:
        return _value(sources, module, expression, seen, classes)
    except UnknownValueError as error:
        error.module = error.module or module
        raise


def _value(
    sources: Sources,
    module: ModuleFacts,
    expression: Expression,
    seen: frozenset[str],
    classes: bool,
) -> Any:

    def value(part: Expression) -> Any:
        return constant(sources, module, part, seen, classes=classes)

    match expression.kind:
        case ExpressionKind.CONSTANT:
            return expression.value
        case ExpressionKind.SEQUENCE:
            return _sequence(expression, value)
        case ExpressionKind.MAPPING:
            return _mapping(expression, value)
        case ExpressionKind.SUBSCRIPT:
            return _item(expression, value)
        case ExpressionKind.TEXT:
            return _text(expression, value)
        case ExpressionKind.SUM | ExpressionKind.PRODUCT:
            return _calculated(expression, value)
        case ExpressionKind.NAME:
            return _named(sources, module, expression, seen, classes)
    raise UnknownValueError(expression)


def _sequence(expression: Expression, value: Callable[[Expression], Any]) -> list[Any]:
    found: list[Any] = []
    for item in expression.args:
        if item.kind is not ExpressionKind.STAR:
            found.append(value(item))
            continue
        inner = value(item.args[0])
        if not isinstance(inner, list | dict):
            raise UnknownValueError(item)
        found.extend(inner)
    return found


def _mapping(expression: Expression, value: Callable[[Expression], Any]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key, item in zip(expression.args[::2], expression.args[1::2], strict=True):
        inner = value(item)
        if key.kind is not ExpressionKind.STAR:
            name = value(key)
            if isinstance(name, list | dict):
                raise UnknownValueError(expression)
            found[name] = inner
        elif isinstance(inner, dict):
            found.update(inner)
        else:
            raise UnknownValueError(item)
    return found


def _item(expression: Expression, value: Callable[[Expression], Any]) -> Any:
    """Return what `MAPPING["key"]` or `SEQUENCE[0]` holds."""
    if len(expression.positional) != 1:
        raise UnknownValueError(expression)
    held, key = value(expression.args[0]), value(expression.positional[0])
    try:
        if isinstance(held, list | dict):
            return held[key]
    except (LookupError, TypeError):
        pass  # such an item does not exist: Python will say so, too
    raise UnknownValueError(expression)


def _text(expression: Expression, value: Callable[[Expression], Any]) -> str:
    """Return an f-string of constants. A bare member of an enumeration is formatted by its kind."""
    parts = [value(part) for part in expression.args]
    if any(isinstance(part, float | bytes | list | dict) for part in parts):
        raise UnknownValueError(expression)
    return "".join(map(str, parts))


def _calculated(expression: Expression, value: Callable[[Expression], Any]) -> Any:
    parts = [value(part) for part in expression.args]
    numbers = all(isinstance(part, int | float) for part in parts)
    if expression.kind is ExpressionKind.PRODUCT:
        # Numbers only: `"x" * 10**9` would be a value to fill the memory with.
        if numbers and all(abs(part) < _LARGE for part in parts):
            return math.prod(parts)
    elif numbers:
        return sum(parts[1:], parts[0])
    elif all(isinstance(part, str) for part in parts):
        return "".join(parts)
    elif all(isinstance(part, list) for part in parts):
        return [item for part in parts for item in part]
    raise UnknownValueError(expression)


_LARGE = 10**12


def _named(
    sources: Sources,
    module: ModuleFacts,
    expression: Expression,
    seen: frozenset[str],
    classes: bool,
) -> Any:
    symbol = sources.resolve(module, expression.value)
    if symbol is None and expression.value.endswith(".value"):
        member = expression.value.removesuffix(".value")
        symbol = sources.resolve(module, member)
    if symbol is None:
        raise UnknownValueError(expression)
    if symbol.external in _EXTERNAL:
        return _EXTERNAL[symbol.external]
    if symbol.module and isinstance(symbol.fact, AssignFact) and symbol.fact.value:
        place = f"{symbol.module.path}:{symbol.fact.line}:{symbol.fact.name}"
        if place not in seen:
            value = symbol.fact.value
            return constant(sources, symbol.module, value, seen | {place}, classes=classes)
    if classes and isinstance(symbol.fact, ClassFact):
        return symbol.fact.name
    raise UnknownValueError(expression)
