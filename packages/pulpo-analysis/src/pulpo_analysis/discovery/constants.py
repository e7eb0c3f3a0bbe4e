"""Values of expressions that can be known without running them."""

from __future__ import annotations

from typing import Any

from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ModuleFacts
from pulpo_analysis.discovery.sources import Sources

__all__ = ["UnknownValueError", "constant"]


class UnknownValueError(Exception):
    """The value of `expression` cannot be known without running the code."""

    def __init__(self, expression: Expression) -> None:
        """Remember which part it was."""
        self.expression = expression
        super().__init__("not a constant")


#: Names of other libraries whose value is part of their contract.
_EXTERNAL = {"pymongo.ASCENDING": 1, "pymongo.DESCENDING": -1, "pymongo.TEXT": "text"}


def constant(
    sources: Sources,
    module: ModuleFacts,
    expression: Expression,
    seen: frozenset[str] = frozenset(),
) -> Any:
    """Return the value of a literal, of lists and mappings of them, or of a module constant.

    A member of an enumeration stands for its value. Raises `UnknownValueError` for everything else.
    `seen` are the constants on the way here: one that refers to itself has no value.
    """
    match expression.kind:
        case ExpressionKind.CONSTANT:
            return expression.value
        case ExpressionKind.SEQUENCE:
            return [constant(sources, module, item, seen) for item in expression.args]
        case ExpressionKind.MAPPING:
            values = [constant(sources, module, item, seen) for item in expression.args]
            if any(isinstance(key, list | dict) for key in values[::2]):
                raise UnknownValueError(expression)
            return dict(zip(values[::2], values[1::2], strict=True))
        case ExpressionKind.NAME:
            return _named(sources, module, expression, seen)
    raise UnknownValueError(expression)


def _named(
    sources: Sources, module: ModuleFacts, expression: Expression, seen: frozenset[str]
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
            return constant(sources, symbol.module, symbol.fact.value, seen | {place})
    raise UnknownValueError(expression)
