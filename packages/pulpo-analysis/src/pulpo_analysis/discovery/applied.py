"""Which of our decorators an expression stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ModuleFacts
from pulpo_analysis.discovery.sources import LONGEST_WAY, Sources

__all__ = ["DATAMODEL", "OPERATION", "Applied", "applied", "is_partial", "other_names"]

DATAMODEL = "datamodel"
OPERATION = "operation"

_DECORATORS = {
    "pulpo_base.datamodel": DATAMODEL,
    "pulpo_base.decorators.datamodel": DATAMODEL,
    "pulpo_base.operation": OPERATION,
    "pulpo_base.decorators.operation": OPERATION,
}


@dataclass(frozen=True, slots=True)
class Applied:
    """Which decorator an expression stands for, and the arguments that its alias gives already.

    `sales = partial(operation, category="sales")` makes `@sales(name=…)` an operation.
    """

    decorator: str
    presets: tuple[tuple[str, ModuleFacts, Expression], ...] = ()


def applied(sources: Sources, module: ModuleFacts, expression: Expression) -> Applied | None:
    """Return the decorator that `@expression` applies, `None` where it is none of ours."""
    callee = expression.callee
    if callee.kind is not ExpressionKind.NAME:
        return None
    return _meaning(sources, module, callee, frozenset())


def _meaning(
    sources: Sources, module: ModuleFacts, expression: Expression, seen: frozenset[str]
) -> Applied | None:
    if expression.kind is ExpressionKind.CALL:
        return _preset(sources, module, expression, seen)
    symbol = None
    if expression.kind is ExpressionKind.NAME:
        symbol = sources.resolve(module, expression.value)
    if symbol is None or symbol.external:
        name = _DECORATORS.get(symbol.external) if symbol else None
        return Applied(name) if name else None
    value = symbol.fact.value if isinstance(symbol.fact, AssignFact) else None
    if value is None or symbol.module is None or symbol.key in seen:
        return None
    if len(seen) > LONGEST_WAY:
        return None
    return _meaning(sources, symbol.module, value, seen | {symbol.key})


def _preset(
    sources: Sources, module: ModuleFacts, call: Expression, seen: frozenset[str]
) -> Applied | None:
    """Return what `partial(operation, …)` or `operation(…)`, kept under a name, applies."""
    inner = None
    if not call.positional:
        inner = _meaning(sources, module, call.callee, seen)
    elif is_partial(sources, module, call):
        inner = _meaning(sources, module, call.positional[0], seen)
    if inner is None:
        return None
    own = dict(call.keywords)
    kept = (preset for preset in inner.presets if preset[0] not in own)
    return Applied(inner.decorator, (*kept, *((name, module, own[name]) for name in own)))


def is_partial(sources: Sources, module: ModuleFacts, call: Expression) -> bool:
    """Whether an expression calls `functools.partial`."""
    if call.kind is not ExpressionKind.CALL or call.callee.kind is not ExpressionKind.NAME:
        return False
    symbol = sources.resolve(module, call.callee.value)
    return symbol is not None and symbol.external == "functools.partial"


def other_names(
    sources: Sources, module: ModuleFacts, decorators: tuple[str, ...]
) -> Iterator[str]:
    """Yield a module's names for one of these decorators, by import or by assignment."""

    def stands_for_one(name: str) -> bool:
        found = applied(sources, module, Expression(ExpressionKind.NAME, name))
        return found is not None and found.decorator in decorators

    for name, imported in module.imports.items():
        is_base = imported.name is None and imported.module.partition(".")[0] == "pulpo_base"
        if is_base or stands_for_one(name):
            yield name
    for name in module.assigns:
        if stands_for_one(name):
            yield name
