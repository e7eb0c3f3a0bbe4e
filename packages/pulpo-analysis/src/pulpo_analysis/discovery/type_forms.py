"""Forms that type expressions have, whatever they mean."""

from __future__ import annotations

from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ModuleFacts
from pulpo_analysis.discovery.sources import Sources
from pulpo_base.specs import TypeRef

__all__ = ["depth", "is_ellipsis", "makes", "type_variables"]


def type_variables(sources: Sources, module: ModuleFacts, expression: Expression) -> list[str]:
    """Return the keys of the type variables in an expression, in the order of first mention."""
    found: list[str] = []
    if expression.kind is ExpressionKind.NAME:
        symbol = sources.resolve(module, expression.value)
        fact = symbol.fact if symbol else None
        if symbol and isinstance(fact, AssignFact) and fact.value and makes(fact.value, "TypeVar"):
            found.append(symbol.key)
    for part in expression.args:
        found.extend(type_variables(sources, module, part))
    return list(dict.fromkeys(found))


def depth(ref: TypeRef) -> int:
    """Return how deep the arguments of a type are nested; 1 for a type without any."""
    return 1 + max(map(depth, ref.args), default=0)


def makes(value: Expression, *functions: str) -> bool:
    """Whether an expression calls one of `functions`, whatever module it comes from."""
    callee = value.callee
    return (
        value.kind is ExpressionKind.CALL
        and callee.kind is ExpressionKind.NAME
        and callee.value.rpartition(".")[2] in functions
    )


def is_ellipsis(expression: Expression) -> bool:
    """Whether this is the `...` of `tuple[int, ...]`."""
    return expression.kind is ExpressionKind.CONSTANT and expression.value is Ellipsis
