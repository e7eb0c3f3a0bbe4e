"""What the expressions of a body may be."""

from __future__ import annotations

from collections.abc import Iterable

from pulpo_analysis.discovery.bodies.attributes import attribute
from pulpo_analysis.discovery.bodies.calls import call, call_method
from pulpo_analysis.discovery.bodies.facts import CHOSEN, Term, TermKind
from pulpo_analysis.discovery.bodies.frame import Frame
from pulpo_analysis.discovery.bodies.functions import Arguments
from pulpo_analysis.discovery.bodies.queries import consume
from pulpo_analysis.discovery.bodies.values import (
    DATA,
    UNKNOWN,
    Atom,
    AtomKind,
    Value,
    chosen,
    elements,
    many,
    merged,
)

__all__ = ["value_of", "values_of"]

_GROWING = frozenset({"add", "append", "appendleft", "extend", "insert"})


def values_of(frame: Frame, terms: Iterable[Term]) -> list[Value]:
    """Return what each of the terms may be."""
    return [value_of(frame, term) for term in terms]


def value_of(frame: Frame, term: Term, *, tested: bool = False) -> Value:
    """Return what a term may be; what it does on the way is noted.

    `tested` says that it is only asked whether the value is there.
    """
    tested = tested or term.tested
    if term.kind is TermKind.CALL:
        return _call(frame, term, tested=tested)
    for _, beside in term.keywords:
        value_of(frame, beside)
    match term.kind:
        case TermKind.NAME:
            return _name(frame, term)
        case TermKind.ATTRIBUTE:
            place = frame.place(term.line, term.column)
            return attribute(frame, value_of(frame, term.args[0]), term.name, place)
        case TermKind.AWAIT:
            place = frame.place(term.line, term.column)
            inner = value_of(frame, term.args[0], tested=tested)
            return consume(frame, inner, place, tested=tested)
        case TermKind.ITEM:
            return _item(frame, term)
        case TermKind.UNKNOWN:
            return UNKNOWN
    return _composed(frame, term)


def _composed(frame: Frame, term: Term) -> Value:
    parts = values_of(frame, term.args)
    match term.kind:
        case TermKind.SEQUENCE if parts:
            return frozenset({Atom(AtomKind.TUPLE, items=tuple(parts))})
        case TermKind.SEQUENCE | TermKind.EACH:
            return many(merged(parts))
        case TermKind.CHOICE:
            return merged(parts)
    return DATA


def _item(frame: Frame, term: Term) -> Value:
    inner = value_of(frame, term.args[0])
    place = frame.place(term.args[0].line, term.args[0].column)
    queries = frozenset(part for part in inner if part.kind is AtomKind.QUERY)
    if queries:
        consume(frame, queries, place)
    generic = frozenset(part for part in inner if part.kind is AtomKind.CLASS)
    if generic and term.name == CHOSEN:  # `Page[Order]` is the class `Page`
        return generic
    return chosen(inner) if term.name == CHOSEN else elements(inner)


def _name(frame: Frame, term: Term) -> Value:
    if "." not in term.name:
        local = frame.look_up(term.name)
        return local if local is not None else frame.project.name(frame.function.module, term.name)
    parts = term.name.split(".")
    for size in range(len(parts), 0, -1):
        local = frame.look_up(".".join(parts[:size]))
        if local is not None:
            place = frame.place(term.line, term.column)
            for part in parts[size:]:
                local = attribute(frame, local, part, place)
            return local
    module = frame.function.module
    whole = frame.project.symbol(module, term.name)
    if whole is not None:
        return whole
    base = _name(frame, Term(TermKind.NAME, ".".join(parts[:-1]), line=term.line))
    if base == UNKNOWN:  # a module of the project, say, whose instances are known
        named = frame.project.name(module, term.name)
        if named and all(part.kind is AtomKind.INSTANCE for part in named):
            return named
    return attribute(frame, base, parts[-1], frame.place(term.line, term.column))


def _call(frame: Frame, term: Term, *, tested: bool) -> Value:
    callee, *given = term.args
    positional = tuple(values_of(frame, given))
    keywords = tuple((name, value_of(frame, value)) for name, value in term.keywords)
    named = dict(term.keywords)
    arguments = Arguments(
        positional,
        keywords,
        frame.place(term.line, term.column),
        named.get("status_code") or next(iter(given), None),
        tested,
    )
    for value in arguments.all():
        if any(part.kind is AtomKind.QUERY for part in value):
            consume(frame, value, arguments.place)
    if callee.kind is TermKind.ATTRIBUTE:
        return call_method(frame, value_of(frame, callee.args[0]), callee.name, arguments)
    if callee.kind is TermKind.NAME:
        return _call_name(frame, callee, arguments)
    return call(frame, value_of(frame, callee), arguments)


def _call_name(frame: Frame, callee: Term, arguments: Arguments) -> Value:
    base, _, name = callee.name.rpartition(".")
    if not base:
        return call(frame, _name(frame, callee), arguments)
    if frame.look_up(callee.name.partition(".")[0]) is None:
        whole = frame.project.symbol(frame.function.module, callee.name)
        if whole is not None:
            return call(frame, whole, arguments)
    owner = Term(TermKind.NAME, base, line=callee.line, column=callee.column)
    receiver = _name(frame, owner)
    if name in _GROWING and frame.look_up(base) is not None:
        grown = [many(elements(receiver)), *(many(_grown(v, name)) for v in arguments.positional)]
        frame.bind(base, merged(grown) if any(p.items for p in receiver) else receiver)
    return call_method(frame, receiver, name, arguments)


def _grown(value: Value, method: str) -> Value:
    return elements(value) if method == "extend" else value
