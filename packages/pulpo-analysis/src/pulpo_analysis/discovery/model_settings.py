"""Beanie's `Settings` of a document: collection, indexes, time series, revisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery import constants
from pulpo_analysis.discovery.classes import Classes, Kind, LocatedClass
from pulpo_analysis.discovery.constants import UnknownValueError
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ModuleFacts
from pulpo_base.arguments import index_from
from pulpo_base.specs import IndexSpec, TimeSeriesSpec

__all__ = ["SettingsReader"]


#: Lists of lists of lists …: one that holds itself ends here.
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class SettingsReader:
    """Reads what documents say of their storage; what cannot be known is a finding."""

    classes: Classes
    diagnostics: list[Diagnostic]

    def collection(self, cls: LocatedClass) -> str:
        """Return Beanie's collection name: `Settings.name`, or the name of the class.

        Where an ancestor is a root (`is_root`), all its heirs are stored with it.
        """
        roots = [
            ancestor
            for ancestor in self.classes.order(cls)
            if self.classes.kind(ancestor) is Kind.DOCUMENT and self.flag(ancestor, "is_root")
        ]
        home = roots[-1] if roots else cls
        found = self._entry(home, "name")
        if found is None:
            return home.fact.name
        name = self.constant(*found, "Settings.name", None)
        return name if isinstance(name, str) and name else home.fact.name

    def flag(self, cls: LocatedClass, name: str) -> bool:
        """Return whether a switch is on."""
        found = self._entry(cls, name)
        return found is not None and self.constant(*found, f"Settings.{name}", False) is True

    def timeseries(self, cls: LocatedClass) -> TimeSeriesSpec | None:
        """Return what `Settings.timeseries` declares, `None` where there is none."""
        found = self._entry(cls, "timeseries")
        if found is None or found[1].kind is not ExpressionKind.CALL:
            return None
        named = {
            name: self.constant(found[0], value, f"Settings.timeseries.{name}", None)
            for name, value in found[1].keywords
            if name in {"time_field", "meta_field"}
        }
        time, meta = named.get("time_field"), named.get("meta_field")
        if not isinstance(time, str):
            return None
        return TimeSeriesSpec(time, meta if isinstance(meta, str) else None)

    def indexes(self, cls: LocatedClass) -> tuple[IndexSpec, ...]:
        """Return what `Settings.indexes` and `indexes()` declare."""
        found: list[IndexSpec] = []
        listed = self._entry(cls, "indexes")
        if listed is not None:
            for home, item in self._items(listed[0].module, listed[1]):
                found.extend(self._index(cls, home, item))
        method = self.classes.method(cls, "indexes")
        if method and method[1].result:
            for home, item in self._items(method[0].module, method[1].result):
                found.extend(self._index(cls, home, item))
        return tuple(found)

    def constant(
        self,
        cls: LocatedClass,
        expression: Expression,
        what: str,
        default: Any,
        *,
        classes: bool = False,
    ) -> Any:
        """Return the value of an expression in a class; `default`, and a finding, without one.

        `classes` says that classes may be named in it.
        """
        return self._constant(cls, cls.module, expression, what, default, classes=classes)

    def _constant(
        self,
        cls: LocatedClass,
        module: ModuleFacts,
        expression: Expression,
        what: str,
        default: Any,
        *,
        classes: bool = False,
    ) -> Any:
        try:
            return constants.constant(self.classes.sources, module, expression, classes=classes)
        except UnknownValueError as unknown:
            self.diagnostics.append(
                finding(
                    "PLD004",
                    f"{what} of {cls.fact.qualname} cannot be known without running the code",
                    unknown.place(module),
                    hint="write a literal, or a constant of a module that holds one",
                )
            )
            return default

    def _entry(self, cls: LocatedClass, name: str) -> tuple[LocatedClass, Expression] | None:
        settings = self.classes.nested(cls, "Settings")
        found = self.classes.assign(settings, name) if settings else None
        return (found[0], found[1].value) if found and found[1].value else None

    def _items(
        self, module: ModuleFacts, expression: Expression, depth: int = 0
    ) -> Iterator[tuple[ModuleFacts, Expression]]:
        """Yield the items of a list, those of the constants in it included."""
        symbol = None
        if expression.kind is ExpressionKind.NAME and depth < _DEEPEST:
            symbol = self.classes.sources.resolve(module, expression.value)
        value = symbol.fact.value if symbol and isinstance(symbol.fact, AssignFact) else None
        if symbol and symbol.module and value:
            yield from self._items(symbol.module, value, depth + 1)
        elif expression.kind is ExpressionKind.SUM:
            for part in expression.args:
                yield from self._items(module, part, depth + 1)
        elif expression.kind is ExpressionKind.SEQUENCE:
            for item in expression.args:
                if item.kind is ExpressionKind.STAR:
                    yield from self._items(module, item.args[0], depth + 1)
                else:
                    yield module, item
        else:
            yield module, expression  # no list that is known: it is no index either

    def _is_index_model(self, module: ModuleFacts, item: Expression) -> bool:
        """Whether an expression is `pymongo.IndexModel([…], …)`."""
        if item.kind is not ExpressionKind.CALL or not item.positional:
            return False
        named = item.callee.kind is ExpressionKind.NAME
        symbol = self.classes.sources.resolve(module, item.callee.value) if named else None
        return symbol is not None and symbol.external.endswith(".IndexModel")

    def _index(
        self, cls: LocatedClass, module: ModuleFacts, item: Expression
    ) -> tuple[IndexSpec, ...]:
        value: Any
        if self._is_index_model(module, item):
            keys = self._constant(cls, module, item.positional[0], "an index", None)
            unique, name = item.keyword("unique"), item.keyword("name")
            value = {
                "fields": keys,
                "unique": bool(unique and unique.value is True),
                "name": name.value if name and isinstance(name.value, str) else None,
            }
        else:
            value = self._constant(cls, module, item, "an index", None)
        if value is None:
            return ()
        try:
            return (index_from(value),)
        except (TypeError, ValueError) as error:
            place = module.at(item.line, item.column)
            self.diagnostics.append(finding("PLD005", str(error), place))
            return ()
