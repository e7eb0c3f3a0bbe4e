"""Calls of the project's own functions and classes."""

from __future__ import annotations

from dataclasses import dataclass

from pulpo_analysis.discovery.bodies.facts import Term
from pulpo_analysis.discovery.bodies.frame import Frame
from pulpo_analysis.discovery.bodies.known import Function
from pulpo_analysis.discovery.bodies.substitution import apply_summary
from pulpo_analysis.discovery.bodies.values import NEW, AtomKind, Value, atom, many, merged
from pulpo_base.specs import SourceLocation

__all__ = ["Arguments", "call_function", "construct"]


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a call is given, and its place.

    `status` is the argument that an `HTTPException` takes for its status; `tested` says that only
    the answer's truth matters.
    """

    positional: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    place: SourceLocation
    status: Term | None = None
    tested: bool = False

    def all(self) -> tuple[Value, ...]:
        """Return every argument's value that is not plain data."""
        named = (value for _, value in self.keywords)
        return tuple(value for value in (*self.positional, *named) if value)

    def without_first(self) -> Arguments:
        """Return the arguments that are left for a function that is itself the first one."""
        return Arguments(self.positional[1:], self.keywords, self.place)


def construct(frame: Frame, key: str, arguments: Arguments) -> Value:
    """Note what making an instance of a class of the project does, and return it."""
    made = atom(AtomKind.INSTANCE, key, NEW)
    frame.summary.touched.add(key)
    method = frame.project.known.method(key, "__init__")
    if method is not None:
        call_function(frame, method, arguments, made)
    return made


def call_function(
    frame: Frame, function: Function, arguments: Arguments, receiver: Value | None
) -> Value:
    """Note what a function of the project does with these arguments, and return its answer."""
    names = [parameter.name for parameter in function.fact.parameters if not parameter.variadic]
    given: dict[str, Value] = {}
    if function.binding in {"instance", "class"} and names:
        if function.binding == "class":
            receiver = atom(AtomKind.CLASS, function.owner)
        if receiver is not None:
            given[names.pop(0)] = receiver
    given.update(zip(names, arguments.positional, strict=False))
    for parameter in function.fact.parameters:
        if parameter.variadic:
            rest = (*arguments.positional[len(names) :], *_named(arguments, names))
            given[parameter.name] = many(merged(rest))
    given.update((name, value) for name, value in arguments.keywords if name in names)
    return apply_summary(frame, frame.ask(function), given)


def _named(arguments: Arguments, names: list[str]) -> list[Value]:
    return [value for name, value in arguments.keywords if name not in names]
