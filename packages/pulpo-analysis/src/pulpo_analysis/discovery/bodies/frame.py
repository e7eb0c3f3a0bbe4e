"""One function being evaluated: its names, what catches its exceptions, what was found so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pulpo_analysis.discovery.bodies.documents import EffectKind
from pulpo_analysis.discovery.bodies.exceptions import Exceptions
from pulpo_analysis.discovery.bodies.known import Function
from pulpo_analysis.discovery.bodies.project import Project
from pulpo_analysis.discovery.bodies.summary import Effect, Raised, Summary, class_parameter
from pulpo_analysis.discovery.bodies.values import (
    NEW,
    UNKNOWN,
    AtomKind,
    Value,
    inside,
    merged,
    parameter_of,
)
from pulpo_base.specs import SourceLocation

__all__ = ["Frame", "Guard"]


@dataclass(slots=True)
class Guard:
    """What catches exceptions: one entry a handler, `None` for one that catches everything."""

    handlers: list[tuple[frozenset[str] | None, dict[Raised, SourceLocation]]]

    def catch(self, raised: Raised, ancestors: frozenset[str], place: SourceLocation) -> bool:
        """Keep the exception for the first handler that takes it."""
        for types, caught in self.handlers:
            if types is None or types & ancestors:
                caught.setdefault(raised, place)
                return True
        return False


@dataclass(slots=True)
class Frame:
    """The state of one evaluation; `ask` gives what is known of another function by now."""

    function: Function
    project: Project
    exceptions: Exceptions
    ask: Callable[[Function], Summary]
    summary: Summary = field(default_factory=Summary)
    guards: list[Guard] = field(default_factory=list)
    #: Names of caught exceptions with what was caught, the innermost last.
    caught: list[tuple[str, dict[Raised, SourceLocation], tuple[str, ...]]] = field(
        default_factory=list
    )
    _scopes: list[dict[str, Value]] = field(default_factory=lambda: [{}])

    def place(self, line: int, column: int) -> SourceLocation:
        """Return a place in the function's file."""
        return self.function.module.at(line, column)

    def bind(self, name: str, value: Value) -> None:
        """Give a local name its value from here on."""
        self._scopes[-1][name] = value

    def look_up(self, name: str) -> Value | None:
        """Return the value of a local name, `None` for a name of the module."""
        for scope in reversed(self._scopes):
            if name in scope:
                return scope[name]
        return None

    def enter(self) -> None:
        """Begin a block that may or may not run."""
        self._scopes.append({})

    def leave(self) -> dict[str, Value]:
        """End the block and return what it bound."""
        return self._scopes.pop()

    def join(self, outcomes: list[dict[str, Value]], *, exhaustive: bool) -> None:
        """Merge what blocks bound, of which one ran (or none, where they are not exhaustive)."""
        for name in dict.fromkeys(name for outcome in outcomes for name in outcome):
            before = self.look_up(name)
            values = [outcome.get(name, before) for outcome in outcomes]
            if not exhaustive:
                values.append(before)
            self.bind(name, merged(value for value in values if value is not None))

    def effect(self, kind: EffectKind, model: str, origin: str, place: SourceLocation) -> None:
        """Note what is done to documents of a class, that are of such origin."""
        if not class_parameter(model) and not self.project.known.is_document(model):
            return
        if kind is EffectKind.CHANGE and origin == NEW:
            kind = EffectKind.CREATE
        parameter = parameter_of(origin) if kind is EffectKind.CHANGE else ""
        self.summary.effects.setdefault(Effect(kind, model, parameter), place)
        self.summary.touched.add(model)

    def throw(self, raised: Raised, place: SourceLocation) -> None:
        """Note an exception, unless something around the statement catches it."""
        ancestors = self.exceptions.ancestors(raised.exception)
        for guard in reversed(self.guards):
            if guard.catch(raised, ancestors, place):
                return
        self.summary.raises.setdefault(raised, place)

    def touch(self, value: Value) -> None:
        """Note the classes in a value as mentioned."""
        for part in inside(value):
            if part.key and part.kind is not AtomKind.EXTERNAL:
                self.summary.touched.add(part.key)

    def unknown(self) -> Value:
        """Note that something may do anything, and return what may be anything."""
        self.summary.complete = False
        return UNKNOWN
