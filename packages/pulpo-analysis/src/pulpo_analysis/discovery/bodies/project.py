"""What names and attributes of the project may be."""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field

from pulpo_analysis.discovery.bodies.annotations import Annotations
from pulpo_analysis.discovery.bodies.known import Known, classes_given
from pulpo_analysis.discovery.bodies.values import (
    DATA,
    STORED,
    UNKNOWN,
    Atom,
    AtomKind,
    Value,
    atom,
    inside,
    many,
    merged,
)
from pulpo_analysis.discovery.classes import LocatedClass
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_analysis.discovery.facts import AssignFact, ClassFact, FunctionFact, ModuleFacts
from pulpo_analysis.discovery.sources import Symbol

__all__ = ["Project"]


@dataclass(slots=True)
class Project:
    """Answers of one run; each is found once."""

    known: Known
    annotations: Annotations = field(init=False)
    _names: dict[tuple[str, str], Value] = field(default_factory=dict)
    _attributes: dict[tuple[str, str], Value | None] = field(default_factory=dict)
    _pending: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.annotations = Annotations(self.known)

    def name(self, module: ModuleFacts, dotted: str) -> Value:
        """Return what a name of a module may be, by the longest part that is known."""
        place = (module.path, dotted)
        if place not in self._names:
            symbol = self.known.sources.resolve(module, dotted)
            if symbol is not None:
                self._names[place] = self._symbol(symbol, place)
            elif "." not in dotted and hasattr(builtins, dotted):
                self._names[place] = atom(AtomKind.EXTERNAL, f"builtins.{dotted}")
            else:
                head, _, last = dotted.rpartition(".")
                self._names[place] = (
                    self._member(self.name(module, head), last) if head else UNKNOWN
                )
        return self._names[place]

    def symbol(self, module: ModuleFacts, dotted: str) -> Value | None:
        """Return what a whole dotted name stands for, `None` where only a part of it is known."""
        value = self.name(module, dotted)
        known = {AtomKind.CLASS, AtomKind.FUNCTION, AtomKind.EXTERNAL}
        return value if value and all(part.kind in known for part in value) else None

    def _member(self, value: Value, name: str) -> Value:
        """Return an attribute of a class or of a module's object, short of methods."""
        found = [
            self.attribute(part.key, name) or UNKNOWN if part.kind is AtomKind.INSTANCE else UNKNOWN
            for part in value
        ]
        return merged(found) if found else DATA

    def _symbol(self, symbol: Symbol, place: tuple[str, str]) -> Value:
        if symbol.module is None or symbol.fact is None:
            local = self.known.sources.is_local(symbol.external.partition(".")[0])
            return UNKNOWN if local else atom(AtomKind.EXTERNAL, symbol.external)
        match symbol.fact:
            case ClassFact():
                cls = LocatedClass(symbol.module, symbol.fact)
                return atom(AtomKind.CLASS, self.known.know_class(cls))
            case FunctionFact():
                return atom(AtomKind.FUNCTION, self.known.know(symbol.module, symbol.fact))
            case AssignFact():
                return self._assigned(symbol.module, symbol.fact, place)

    def _assigned(self, module: ModuleFacts, fact: AssignFact, place: tuple[str, str]) -> Value:
        if place in self._pending:
            return UNKNOWN
        self._pending.add(place)
        try:
            if fact.annotation is not None:
                return self.annotations.read(module, fact.annotation)
            return self.constant(module, fact.value) if fact.value else UNKNOWN
        finally:
            self._pending.discard(place)

    def constant(self, module: ModuleFacts, expression: Expression) -> Value:
        """Return what a value at the top level of a module or class may be."""
        match expression.kind:
            case ExpressionKind.CONSTANT | ExpressionKind.UNION:
                return DATA
            case ExpressionKind.NAME:
                return self.name(module, expression.value)
            case ExpressionKind.SEQUENCE:
                return many(merged(self.constant(module, item) for item in expression.args))
            case ExpressionKind.MAPPING:
                values = expression.args[1::2]
                return many(merged(self.constant(module, item) for item in values))
            case ExpressionKind.CALL:
                return self._called(module, expression)
        return DATA

    def _called(self, module: ModuleFacts, call: Expression) -> Value:
        callee = call.callee
        if callee.kind is ExpressionKind.SUBSCRIPT:  # `Page[Order](…)` is a `Page`
            callee = callee.args[0]
        if callee.kind is not ExpressionKind.NAME:
            return UNKNOWN
        made: list[Value] = []
        for part in self.name(module, callee.value):
            match part.kind:
                case AtomKind.CLASS:
                    made_of = self._made_of(module, part.key, call)
                    made.append(frozenset({Atom(AtomKind.INSTANCE, part.key, STORED, made_of)}))
                case AtomKind.EXTERNAL:
                    made.append(atom(AtomKind.OBJECT, part.key))
                case _:
                    made.append(UNKNOWN)
        return merged(made)

    def _made_of(self, module: ModuleFacts, key: str, call: Expression) -> tuple[Value, ...]:
        start = self.known.method(key, "__init__")
        if start is None:
            return ()
        names = [parameter.name for parameter in start.fact.parameters[1:]]
        given = {**dict(zip(names, call.positional, strict=False)), **dict(call.keywords)}
        values = {name: self.constant(module, item) for name, item in given.items()}
        return classes_given(start, values)

    def attribute(self, key: str, name: str) -> Value | None:
        """Return what a class says of an attribute of its instances, `None` where it is silent."""
        place = (key, name)
        if place not in self._attributes:
            self._attributes[place] = None  # what an attribute that refers to itself gets
            self._attributes[place] = self._attribute(key, name)
        return self._attributes[place]

    def _attribute(self, key: str, name: str) -> Value | None:
        cls = self.known.located(key)
        if cls is None:
            return None
        found = self.known.classes.assign(cls, name)
        if found is not None:
            owner, fact = found
            if fact.annotation is not None:
                return self.annotations.read(owner.module, fact.annotation, STORED, owner)
            return self.constant(owner.module, fact.value) if fact.value else DATA
        nested = self.known.classes.nested(cls, name)
        return atom(AtomKind.CLASS, self.known.know_class(nested)) if nested else None

    def linked(self, key: str) -> frozenset[str]:
        """Return the classes of documents that a document's links lead to."""
        cls = self.known.located(key)
        names = (
            {fact.name for owner in self.known.classes.order(cls) for fact in owner.fact.assigns}
            if cls
            else ()
        )
        values = merged(self.attribute(key, name) or DATA for name in sorted(names))
        return frozenset(part.key for part in inside(values) if part.kind is AtomKind.LINK)
