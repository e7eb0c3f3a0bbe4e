"""From what a function does to what a call of it does: parameters become arguments."""

from __future__ import annotations

from collections.abc import Mapping

from pulpo_analysis.discovery.bodies.frame import Frame
from pulpo_analysis.discovery.bodies.summary import (
    Effect,
    Summary,
    class_parameter,
    parameter_class,
)
from pulpo_analysis.discovery.bodies.values import (
    DATA,
    STORED,
    Atom,
    AtomKind,
    Value,
    inside,
    merged,
    of_parameter,
    ordered,
    parameter_of,
)
from pulpo_base.specs import SourceLocation

__all__ = ["apply_summary", "substituted"]

_HOLD_DOCUMENTS = frozenset(
    {AtomKind.INSTANCE, AtomKind.CLASS, AtomKind.LINK, AtomKind.QUERY, AtomKind.PARAMETER}
)


def apply_summary(frame: Frame, summary: Summary, given: Mapping[str, Value]) -> Value:
    """Note what the function does with what it is given, and return its answer."""
    for effect, where in tuple(summary.effects.items()):
        _apply_effect(frame, effect, given, where)
    for raised, where in tuple(summary.raises.items()):
        frame.throw(raised, where)
    if summary is not frame.summary:
        frame.summary.touched |= summary.touched
        frame.summary.complete &= summary.complete
    return substituted(summary.returns, given)


def _apply_effect(
    frame: Frame, effect: Effect, given: Mapping[str, Value], where: SourceLocation
) -> None:
    by_class = class_parameter(effect.model)
    name = by_class or effect.parameter
    if not name:
        frame.effect(effect.kind, effect.model, STORED, where)
        return
    holders = [part for part in inside(given.get(name, DATA)) if part.kind in _HOLD_DOCUMENTS]
    for part in ordered(frozenset(holders)):
        if part.kind is AtomKind.PARAMETER:
            model = parameter_class(part.key)
            frame.effect(effect.kind, model, of_parameter(part.key), where)
        else:
            frame.effect(effect.kind, part.key, part.origin or STORED, where)
    if not holders and not by_class:
        frame.effect(effect.kind, effect.model, STORED, where)


def substituted(value: Value, given: Mapping[str, Value]) -> Value:
    """Return a value with what the caller gave in the place of parameters."""
    return merged([_given_one(part, given) for part in ordered(value)])


def _given_one(part: Atom, given: Mapping[str, Value]) -> Value:
    if part.kind is AtomKind.PARAMETER:
        return given.get(part.key, DATA)
    if part.items:
        items = tuple(substituted(item, given) for item in part.items)
        return frozenset({Atom(part.kind, part.key, part.origin, items)})
    by_class = class_parameter(part.key)
    parameter = parameter_of(part.origin)
    name = by_class or parameter
    if not name:
        return frozenset({part})
    found = []
    for held in inside(given.get(name, DATA)):
        if held.kind not in _HOLD_DOCUMENTS:
            continue
        key = parameter_class(held.key) if held.kind is AtomKind.PARAMETER else held.key
        origin = held.origin if parameter else part.origin
        if held.kind is AtomKind.PARAMETER and parameter:
            origin = of_parameter(held.key)
        found.append(Atom(part.kind, key, origin or STORED))
    if not found and not by_class:
        found.append(Atom(part.kind, part.key, STORED))
    return frozenset(found)
