"""Arguments of `@datamodel` and `@operation`, read from the source."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_analysis.discovery.applied import DATAMODEL, OPERATION
from pulpo_analysis.discovery.constants import UnknownValueError, constant
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ModuleFacts
from pulpo_analysis.discovery.sources import Sources
from pulpo_base import decorators as ours
from pulpo_base.arguments import Arguments
from pulpo_base.specs import SourceLocation

__all__ = [
    "Decoration",
]

T = TypeVar("T")

#: What each decorator takes, by its own signature.
PARAMETERS = {
    name: frozenset(
        parameter.name
        for parameter in inspect.signature(decorator).parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY
    )
    for name, decorator in ((DATAMODEL, ours.datamodel), (OPERATION, ours.operation))
}


@dataclass(slots=True)
class Decoration:
    """One decorator on one class or function; what is wrong with it goes to `diagnostics`."""

    decorator: str
    expression: Expression
    module: ModuleFacts
    sources: Sources
    diagnostics: list[Diagnostic]
    presets: tuple[tuple[str, ModuleFacts, Expression], ...] = ()

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
        found = self.expression.keyword(name) or self._preset(name)[1]
        if found is None or (found.kind is ExpressionKind.CONSTANT and found.value is None):
            return None
        return found

    def home(self, name: str) -> ModuleFacts:
        """Return the module in which an argument is written: an alias may stand elsewhere."""
        return self.module if self.expression.keyword(name) else self._preset(name)[0]

    def _preset(self, name: str) -> tuple[ModuleFacts, Expression | None]:
        found = (preset[1:] for preset in self.presets if preset[0] == name)
        return next(found, (self.module, None))

    def value(
        self,
        name: str,
        check: Callable[[Arguments, str, Any], T],
        default: T,
        *,
        classes: bool = False,
    ) -> T:
        """Return a constant argument as the decorator itself would keep it.

        An argument that cannot be known, or that the decorator would refuse, is a finding, and
        `default` stands in its place. `classes` says that classes may be named in it.
        """
        expression = self.argument(name)
        if expression is None:
            return default
        try:
            found = constant(self.sources, self.home(name), expression, classes=classes)
        except UnknownValueError as unknown:
            self._cannot_know(name, unknown.place(self.home(name)))
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
        listed = self._items(self.home(name), expression)
        if listed is not None:
            items = listed
        elif single:
            items = [(self.home(name), expression)]
        elif expression.kind not in {ExpressionKind.CONSTANT, ExpressionKind.NAME}:
            self._cannot_know(name, self.home(name).at(expression.line, expression.column))
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
        for home, item in items:
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
            elif (head := self._unbound(home, item)) is not None:
                self._misspelt(name, head, home, item)
            else:
                self._cannot_know(name, home.at(item.line, item.column))
        return tuple(found)

    def _unbound(self, home: ModuleFacts, item: Expression) -> str | None:
        """Return the name that nothing in the module has; what `import *` brings may be unknown."""
        if item.kind is not ExpressionKind.NAME or home.star_imports:
            return None
        head = str(item.value).partition(".")[0]
        is_known = home.binds(head) or self.sources.resolve(home, head) is not None
        return None if is_known else head

    def _misspelt(self, name: str, head: str, home: ModuleFacts, item: Expression) -> None:
        bound = (*home.classes, *home.functions, *home.imports, *home.assigns)
        self.diagnostics.append(
            finding(
                "PLD004",
                f"`{name}` of @{self.decorator} names `{head}`, which {home.path} neither "
                "defines nor imports",
                home.at(item.line, item.column),
                hint=did_you_mean(head, bound),
            )
        )

    def _items(
        self, module: ModuleFacts, expression: Expression, seen: frozenset[str] = frozenset()
    ) -> list[tuple[ModuleFacts, Expression]] | None:
        """Return the items of a list, or of a constant that holds one, each with its module."""
        if expression.kind is ExpressionKind.NAME:
            symbol = self.sources.resolve(module, expression.value)
            if symbol is None or symbol.module is None or symbol.key in seen:
                return None
            if not isinstance(symbol.fact, AssignFact) or symbol.fact.value is None:
                return None
            return self._items(symbol.module, symbol.fact.value, seen | {symbol.key})
        if expression.kind is ExpressionKind.SUM:
            lists = [self._items(module, part, seen) for part in expression.args]
            if any(found is None for found in lists):
                return None
            return [item for found in lists for item in found or ()]
        if expression.kind is not ExpressionKind.SEQUENCE:
            return None
        items: list[tuple[ModuleFacts, Expression]] = []
        for item in expression.args:
            inner = None
            if item.kind is ExpressionKind.STAR:
                inner = self._items(module, item.args[0], seen)
            items.extend([(module, item)] if inner is None else inner)
        return items

    def _checked(
        self,
        name: str,
        expression: Expression,
        found: Any,
        check: Callable[[Arguments, str, Any], T],
        default: T,
    ) -> T:
        place = self.home(name).at(expression.line, expression.column)
        try:
            return check(Arguments(self.decorator, place), name, found)
        except (TypeError, ValueError) as error:
            message = str(error).removeprefix(f"{place}: ")
            self.diagnostics.append(finding("PLD005", message, place))
            return default

    def _cannot_know(self, name: str, place: SourceLocation) -> None:
        self.diagnostics.append(
            finding(
                "PLD004",
                f"`{name}` of @{self.decorator} cannot be known without running the code",
                place,
                hint="write a literal, or a constant of a module that holds one",
            )
        )
