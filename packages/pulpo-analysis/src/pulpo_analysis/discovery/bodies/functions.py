"""Calls of the project's own functions and classes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pulpo_analysis.discovery.bodies.facts import Term
from pulpo_analysis.discovery.bodies.frame import Frame
from pulpo_analysis.discovery.bodies.known import Function, classes_given
from pulpo_analysis.discovery.bodies.substitution import apply_summary, substituted
from pulpo_analysis.discovery.bodies.values import (
    DATA,
    NEW,
    Atom,
    AtomKind,
    Value,
    atom,
    many,
    merged,
)
from pulpo_base.specs import SourceLocation

__all__ = [
    "Arguments",
    "bound",
    "call_function",
    "construct",
    "inherit_attributes",
]


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
    method = frame.project.known.method(key, "__init__")
    frame.summary.touched.add(key)
    if method is None:
        return atom(AtomKind.INSTANCE, key, NEW)
    made_of = classes_given(method, bound(method, arguments, DATA))
    made = frozenset({Atom(AtomKind.INSTANCE, key, NEW, made_of)})
    call_function(frame, method, arguments, made)
    return made


def inherit_attributes(frame: Frame, start: Function, arguments: Arguments) -> None:
    """Note what the `__init__` of an ancestor, called with these arguments, gives `self`."""
    given = bound(start, arguments, DATA)
    for name, value in tuple(frame.ask(start).attributes.items()):
        held = frame.summary.attributes.get(name, DATA)
        frame.summary.attributes[name] = merged([held, substituted(value, given)])


def call_function(
    frame: Frame, function: Function, arguments: Arguments, receiver: Value | None
) -> Value:
    """Note what a function of the project does with these arguments, and return its answer."""
    if receiver is not None and function.binding == "instance":
        made_of = next((part.items for part in receiver if part.kind is AtomKind.INSTANCE), ())
        function = replace(function, made_of=made_of) if made_of else function
    return apply_summary(frame, frame.ask(function), bound(function, arguments, receiver))


def bound(function: Function, arguments: Arguments, receiver: Value | None) -> dict[str, Value]:
    """Return what each parameter of a function is given; a method's first one is `receiver`."""
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
    return given


def _named(arguments: Arguments, names: list[str]) -> list[Value]:
    return [value for name, value in arguments.keywords if name not in names]
