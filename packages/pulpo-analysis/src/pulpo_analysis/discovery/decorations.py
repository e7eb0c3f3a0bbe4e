"""Arguments of `@datamodel` and `@operation`, read from the source."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_analysis.discovery.constants import UnknownValueError, constant
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ModuleFacts
from pulpo_analysis.discovery.sources import LONGEST_WAY, Sources
from pulpo_base import decorators
from pulpo_base.arguments import Arguments
from pulpo_base.records import dataclass
from pulpo_base.specs import SourceLocation

__all__ = ["DATAMODEL", "OPERATION", "Decoration", "decorator_name", "other_names"]

T = TypeVar("T")

DATAMODEL = "datamodel"
OPERATION = "operation"

_DECORATORS = {
    "pulpo_base.datamodel": DATAMODEL,
    "pulpo_base.decorators.datamodel": DATAMODEL,
    "pulpo_base.operation": OPERATION,
    "pulpo_base.decorators.operation": OPERATION,
}

#: What each decorator takes, by its own signature.
PARAMETERS = {
    name: frozenset(
        parameter.name
        for parameter in inspect.signature(decorator).parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY
    )
    for name, decorator in ((DATAMODEL, decorators.datamodel), (OPERATION, decorators.operation))
}


def decorator_name(sources: Sources, module: ModuleFacts, expression: Expression) -> str | None:
    """Return `datamodel` or `operation` where the expression is that decorator, else `None`."""
    callee = expression.callee
    if callee.kind is not ExpressionKind.NAME:
        return None
    symbol = sources.resolve(module, callee.value)
    seen: set[str] = set()
    while symbol and symbol.module and isinstance(symbol.fact, AssignFact):
        value = symbol.fact.value  # `task = operation` gives the decorator another name
        if value is None or value.kind is not ExpressionKind.NAME or symbol.key in seen:
            return None
        if len(seen) > LONGEST_WAY:
            return None
        seen.add(symbol.key)
        symbol = sources.resolve(symbol.module, value.value)
    return _DECORATORS.get(symbol.external) if symbol else None


def other_names(sources: Sources, module: ModuleFacts) -> Iterator[str]:
    """Yield the names of a module that stand for a decorator, by import or by assignment."""
    for name, imported in module.imports.items():
        is_base = imported.name is None and imported.module.partition(".")[0] == "pulpo_base"
        if is_base or decorator_name(sources, module, _name(name)):
            yield name
    for name, fact in module.assigns.items():
        is_name = fact.value is not None and fact.value.kind is ExpressionKind.NAME
        if is_name and decorator_name(sources, module, _name(name)):
            yield name


def _name(name: str) -> Expression:
    return Expression(ExpressionKind.NAME, name)


@dataclass(slots=True)
class Decoration:
    """One decorator on one class or function; what is wrong with it goes to `diagnostics`."""

    decorator: str
    expression: Expression
    module: ModuleFacts
    sources: Sources
    diagnostics: list[Diagnostic]

    @property
    def location(self) -> SourceLocation:
        """Where the decorator stands."""
        return self.module.at(self.expression.line, self.expression.column)

    def check_names(self) -> None:
        """Report arguments that the decorator does not take."""
        known = PARAMETERS[self.decorator]
        for name, value in self.expression.keywords:
            if name not in known:
                shown = "**…" if name == "**" else name
                self.diagnostics.append(
                    finding(
                        "PLD005",
                        f"@{self.decorator} takes no argument `{shown}`",
                        self.module.at(value.line, value.column),
                        hint="write each argument out"
                        if name == "**"
                        else did_you_mean(name, known),
                    )
                )
        for extra in self.expression.positional:
            self.diagnostics.append(
                finding(
                    "PLD005",
                    f"@{self.decorator} takes keyword arguments only",
                    self.module.at(extra.line, extra.column),
                    hint="write `name=…`",
                )
            )

    def argument(self, name: str) -> Expression | None:
        """Return the argument's expression, `None` where it is left out or `None`."""
        found = self.expression.keyword(name)
        if found is None or (found.kind is ExpressionKind.CONSTANT and found.value is None):
            return None
        return found

    def value(self, name: str, check: Callable[[Arguments, str, Any], T], default: T) -> T:
        """Return a constant argument as the decorator itself would keep it.

        An argument that cannot be known, or that the decorator would refuse, is a finding, and
        `default` stands in its place.
        """
        expression = self.argument(name)
        if expression is None:
            return default
        try:
            found = constant(self.sources, self.module, expression)
        except UnknownValueError as unknown:
            self._cannot_know(name, unknown.expression)
            return default
        return self._checked(name, expression, found, check, default)

    def names(
        self,
        name: str,
        resolve: Callable[[ModuleFacts, Expression], str | None],
        *,
        single: bool = False,
    ) -> tuple[str, ...] | None:
        """Return a list of names given as strings or as references that `resolve` can name."""
        expression = self.argument(name)
        if expression is None:
            return None
        listed = self._sequence(expression)
        if listed is not None:
            home, items = listed
        elif single:
            home, items = self.module, (expression,)
        elif expression.kind not in {ExpressionKind.CONSTANT, ExpressionKind.NAME}:
            self._cannot_know(name, expression)
            return None
        else:
            self.diagnostics.append(
                finding(
                    "PLD005",
                    f"`{name}` of @{self.decorator} must be a list",
                    self.module.at(expression.line, expression.column),
                    hint=f"write `{name}=[…]`",
                )
            )
            return None
        found: list[str] = []
        for item in items:
            named = resolve(home, item)
            if named is not None:
                found.append(named)
            elif item.kind is ExpressionKind.CONSTANT:
                self.diagnostics.append(
                    finding(
                        "PLD005",
                        f"`{name}` of @{self.decorator} holds {item.value!r}, which is no name",
                        self.module.at(item.line, item.column),
                        hint="name them as text, or by the class or function itself",
                    )
                )
            else:
                self._cannot_know(name, item)
        return tuple(found)

    def _sequence(
        self, expression: Expression
    ) -> tuple[ModuleFacts, tuple[Expression, ...]] | None:
        """Return the items of a list, or of a constant that holds one, with their module."""
        module, seen = self.module, set[str]()
        while expression.kind is ExpressionKind.NAME:
            symbol = self.sources.resolve(module, expression.value)
            if symbol is None or symbol.module is None or symbol.key in seen:
                return None
            if not isinstance(symbol.fact, AssignFact) or symbol.fact.value is None:
                return None
            seen.add(symbol.key)
            module, expression = symbol.module, symbol.fact.value
        return (module, expression.args) if expression.kind is ExpressionKind.SEQUENCE else None

    def _checked(
        self,
        name: str,
        expression: Expression,
        found: Any,
        check: Callable[[Arguments, str, Any], T],
        default: T,
    ) -> T:
        place = self.module.at(expression.line, expression.column)
        try:
            return check(Arguments(self.decorator, place), name, found)
        except (TypeError, ValueError) as error:
            message = str(error).removeprefix(f"{place}: ")
            self.diagnostics.append(finding("PLD005", message, place))
            return default

    def _cannot_know(self, name: str, expression: Expression) -> None:
        self.diagnostics.append(
            finding(
                "PLD004",
                f"`{name}` of @{self.decorator} cannot be known without running the code",
                self.module.at(expression.line, expression.column),
                hint="write a literal, or a constant of a module that holds one",
            )
        )
