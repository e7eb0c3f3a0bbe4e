"""Attributes of values."""

from __future__ import annotations

from pulpo_analysis.discovery.bodies.frame import Frame
from pulpo_analysis.discovery.bodies.functions import Arguments, call_function
from pulpo_analysis.discovery.bodies.substitution import substituted
from pulpo_analysis.discovery.bodies.values import (
    DATA,
    UNKNOWN,
    Atom,
    AtomKind,
    Value,
    atom,
    merged,
    ordered,
)
from pulpo_base.specs import SourceLocation

__all__ = ["attribute", "made_attribute"]


def attribute(frame: Frame, value: Value, name: str, place: SourceLocation) -> Value:
    """Return what an attribute of the value may be."""
    if not value:
        return DATA
    return merged([_attribute(frame, part, name, place) for part in ordered(value)])


def _attribute(frame: Frame, owner: Atom, name: str, place: SourceLocation) -> Value:
    match owner.kind:
        case AtomKind.INSTANCE | AtomKind.LINK:
            return _instance_attribute(frame, owner, name, place)
        case AtomKind.CLASS:
            function = frame.project.known.method(owner.key, name)
            if function is not None:
                return atom(AtomKind.FUNCTION, function.key, owner.key)
            held = frame.project.attribute(owner.key, name) or DATA
            return frozenset(part for part in held if part.kind is AtomKind.CLASS)
        case AtomKind.EXTERNAL:
            return atom(AtomKind.EXTERNAL, f"{owner.key}.{name}")
        case AtomKind.OBJECT:
            return frozenset({owner})
        case AtomKind.PARAMETER | AtomKind.UNKNOWN:
            return UNKNOWN
    return DATA


def _instance_attribute(frame: Frame, owner: Atom, name: str, place: SourceLocation) -> Value:
    held = frame.project.attribute(owner.key, name)
    if held is not None:
        return held
    function = frame.project.known.method(owner.key, name)
    if function is not None:
        if function.is_property:
            itself = frozenset({owner})
            return call_function(frame, function, Arguments((), (), place), itself)
        return atom(AtomKind.FUNCTION, function.key, owner.key)
    made = made_attribute(frame, owner, name)
    if made is not None:
        return made
    return UNKNOWN if frame.project.known.method(owner.key, "__init__") else DATA


def made_attribute(frame: Frame, owner: Atom, name: str) -> Value | None:
    """Return what `__init__` gives an attribute of the instance, `None` where it is silent."""
    start = frame.project.known.method(owner.key, "__init__")
    value = frame.ask(start).attributes.get(name) if start else None
    if start is None or value is None:
        return None
    given = {parameter.name: UNKNOWN for parameter in start.fact.parameters}
    held = zip(given, owner.items, strict=False)
    return substituted(value, {**given, **{one: part for one, part in held if part}})
