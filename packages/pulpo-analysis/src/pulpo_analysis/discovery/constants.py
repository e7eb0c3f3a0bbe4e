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

#: How deep constants may refer to constants; a loop of them ends here.
_DEPTH = 32


def constant(sources: Sources, module: ModuleFacts, expression: Expression, depth: int = 0) -> Any:
    """Return the value of a literal, of lists and mappings of them, or of a module constant.

    A member of an enumeration stands for its value. Raises `UnknownValueError` for everything else.
    """
    if depth > _DEPTH:
        raise UnknownValueError(expression)
    match expression.kind:
        case ExpressionKind.CONSTANT:
            return expression.value
        case ExpressionKind.SEQUENCE:
            return [constant(sources, module, item, depth + 1) for item in expression.args]
        case ExpressionKind.MAPPING:
            values = [constant(sources, module, item, depth + 1) for item in expression.args]
            return dict(zip(values[::2], values[1::2], strict=True))
        case ExpressionKind.NAME:
            return _named(sources, module, expression, depth)
    raise UnknownValueError(expression)


def _named(sources: Sources, module: ModuleFacts, expression: Expression, depth: int) -> Any:
    symbol = sources.resolve(module, expression.value)
    if symbol is None and expression.value.endswith(".value"):
        member = expression.value.removesuffix(".value")
        symbol = sources.resolve(module, member)
    if symbol is None:
        raise UnknownValueError(expression)
    if symbol.external in _EXTERNAL:
        return _EXTERNAL[symbol.external]
    if symbol.module and isinstance(symbol.fact, AssignFact) and symbol.fact.value:
        return constant(sources, symbol.module, symbol.fact.value, depth + 1)
    raise UnknownValueError(expression)
