"""Beanie's methods on documents and queries, and queries that run."""

from __future__ import annotations

from pulpo_analysis.discovery.bodies.documents import EffectKind, Method, Result
from pulpo_analysis.discovery.bodies.frame import Frame
from pulpo_analysis.discovery.bodies.functions import Arguments, call_function
from pulpo_analysis.discovery.bodies.values import (
    DATA,
    NEW,
    STORED,
    Atom,
    AtomKind,
    Value,
    atom,
    many,
    merged,
    ordered,
)
from pulpo_base.specs import SourceLocation

__all__ = ["consume", "run_method"]


def run_method(frame: Frame, method: Method | None, receiver: Atom, arguments: Arguments) -> Value:
    """Note what a method of Beanie's does to documents of the receiver's class."""
    if method is None:
        return DATA
    kind = method.effect
    frame.summary.complete &= not method.open
    if kind is not None:
        if kind is EffectKind.READ and arguments.tested:
            kind = EffectKind.CHECK
        frame.effect(kind, receiver.key, receiver.origin, arguments.place)
        if receiver.kind is AtomKind.INSTANCE:
            _run_hooks(frame, method, receiver, arguments.place)
    names = {name for name, _ in arguments.keywords}
    if "fetch_links" in names or (method.result is Result.SAME and kind is EffectKind.READ):
        for linked in sorted(frame.project.linked(receiver.key)):
            frame.effect(EffectKind.READ, linked, STORED, arguments.place)
    return _result(method, receiver)


def _result(method: Method, receiver: Atom) -> Value:
    stored = atom(AtomKind.INSTANCE, receiver.key, STORED)
    match method.result:
        case Result.ONE:
            return stored
        case Result.SAME:
            made = NEW if receiver.kind is AtomKind.CLASS else STORED
            return atom(AtomKind.INSTANCE, receiver.key, receiver.origin or made)
        case Result.MANY:
            return many(stored)
        case Result.QUERY:
            return atom(AtomKind.QUERY, receiver.key)
    return DATA


def _run_hooks(frame: Frame, method: Method, receiver: Atom, place: SourceLocation) -> None:
    """Note what the document's own handlers of Beanie's events do."""
    if method.effect not in {EffectKind.CREATE, EffectKind.CHANGE}:
        return
    creates = method.effect is EffectKind.CREATE or receiver.origin == NEW
    for hook in frame.project.known.hooks(receiver.key):
        others = {"Insert", "Delete"} - ({"Insert"} if creates else set())
        happen = hook.events & {"Delete"} if method.deletes else hook.events - others
        if happen:
            given = Arguments((), (), place)
            call_function(frame, hook.function, given, frozenset({receiver}))


def consume(frame: Frame, value: Value, place: SourceLocation, *, tested: bool = False) -> Value:
    """Note that queries run, by `await`, in a loop or elsewhere; return their documents."""
    found: list[Value] = []
    for part in ordered(value):
        if part.kind is AtomKind.QUERY:
            kind = EffectKind.CHECK if tested else EffectKind.READ
            frame.effect(kind, part.key, STORED, place)
            found.append(atom(AtomKind.INSTANCE, part.key, STORED))
        elif part.kind is AtomKind.TUPLE:
            items = tuple(consume(frame, item, place) for item in part.items)
            found.append(frozenset({Atom(part.kind, items=items)}))
        else:
            found.append(frozenset({part}))
    return merged(found)
