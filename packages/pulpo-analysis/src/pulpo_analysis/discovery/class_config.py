"""What a pydantic class says beside its fields: configuration, validators, computed fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_analysis.discovery.classes import Classes, Kind, LocatedClass
from pulpo_analysis.discovery.constants import UnknownValueError, constant
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import FunctionFact

__all__ = ["ClassConfigs", "Computed"]

_CONVERTING = frozenset({"before", "plain", "wrap"})
_GENERATORS = frozenset({"to_camel", "to_pascal", "to_snake"})


@dataclass(frozen=True, slots=True)
class Computed:
    """A method under `@computed_field`, the class that it stands in, and the decorator."""

    cls: LocatedClass
    fact: FunctionFact
    decorator: Expression


@dataclass(frozen=True, slots=True)
class ClassConfigs:
    """Reads what the classes of a project say of themselves."""

    classes: Classes
    diagnostics: list[Diagnostic]

    def option(self, cls: LocatedClass, name: str) -> tuple[LocatedClass, Expression] | None:
        """Return an entry of `model_config`, the most derived first, with its class."""
        for ancestor in self.classes.order(cls):
            for key, value in ancestor.fact.keywords:
                if key == name:
                    return ancestor, value
            assigned = ancestor.fact.assign("model_config")
            found = _entry(assigned.value, name) if assigned and assigned.value else None
            if found is not None:
                return ancestor, found
        return None

    def value(self, cls: LocatedClass, name: str, default: object) -> object:
        """Return the constant value of an entry of `model_config`."""
        found = self.option(cls, name)
        if found is None:
            return default
        try:
            return constant(self.classes.sources, found[0].module, found[1])
        except UnknownValueError:
            return default

    def unknown_fields(self, cls: LocatedClass) -> str:
        """Return what happens to unknown fields: `ignore`, `allow` or `forbid`."""
        return str(self.value(cls, "extra", None) or "ignore")

    def alias_generator(self, cls: LocatedClass) -> Callable[[str], str] | None:
        """Return pydantic's function that makes aliases; one of the user's own is a finding."""
        found = self.option(cls, "alias_generator")
        if found is None or (found[1].kind is ExpressionKind.CONSTANT and found[1].value is None):
            return None
        named = found[1].kind is ExpressionKind.NAME
        symbol = self.classes.sources.resolve(found[0].module, found[1].value) if named else None
        module, _, name = symbol.external.rpartition(".") if symbol else ("", "", "")
        if module != "pydantic.alias_generators" or name not in _GENERATORS:
            home, expression = found
            self.diagnostics.append(
                finding(
                    "PLD004",
                    f"aliases of {cls.fact.qualname} cannot be known without running the code",
                    home.module.at(expression.line, expression.column),
                    hint="use one of pydantic.alias_generators, or write each alias out",
                    severity=Severity.WARNING,
                )
            )
            return None
        # Imported here: few projects need it.
        from pydantic import alias_generators

        generator: Callable[[str], str] = getattr(alias_generators, name)
        return generator

    def converted(self, cls: LocatedClass) -> Callable[[str], bool]:
        """Return whether a field has a validator that takes other values than its type's."""
        names: set[str] = set()
        methods: set[str] = set()
        for ancestor in self.classes.order(cls):
            for fact in ancestor.fact.functions:
                if fact.name not in methods:  # one of that name further down replaces it
                    methods.add(fact.name)
                    names.update(self._converted_by(ancestor, fact))
        return lambda name: name in names or "*" in names

    def _converted_by(self, cls: LocatedClass, fact: FunctionFact) -> Iterator[str]:
        for decorator in fact.decorators:
            mode, early = decorator.keyword("mode"), decorator.keyword("pre")
            name = self.classes.library_name(cls, decorator)
            before = name == "pydantic.field_validator" and mode and mode.value in _CONVERTING
            if before or (name == "pydantic.validator" and early and early.value is True):
                yield from (part.value for part in decorator.positional)

    def computed(self, cls: LocatedClass) -> tuple[Computed, ...]:
        """Return the computed fields: the ancestors' first, each in its most derived form."""
        found: dict[str, Computed] = {}
        for ancestor in reversed(self.classes.order(cls)):
            kind = self.classes.kind(ancestor)
            if not kind.is_pydantic and kind is not Kind.DATACLASS:
                continue
            for fact in ancestor.fact.functions:
                for decorator in fact.decorators:
                    if self.classes.library_name(ancestor, decorator) == "pydantic.computed_field":
                        found[fact.name] = Computed(ancestor, fact, decorator)
        return tuple(found.values())


def _entry(config: Expression, name: str) -> Expression | None:
    """Return one entry of `ConfigDict(name=…)` or `{"name": …}`, `None` where it has none."""
    if config.kind is ExpressionKind.CALL:
        return config.keyword(name)
    if config.kind is ExpressionKind.MAPPING:
        pairs = zip(config.args[::2], config.args[1::2], strict=True)
        return next((value for key, value in pairs if key.value == name), None)
    return None
