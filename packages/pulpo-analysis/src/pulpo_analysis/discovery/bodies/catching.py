"""What raises exceptions, and what catches or converts them."""

from __future__ import annotations

from pulpo_analysis.discovery.bodies.facts import Handler, Raise, Term, TermKind
from pulpo_analysis.discovery.bodies.frame import Frame, Guard
from pulpo_analysis.discovery.bodies.summary import Raised
from pulpo_analysis.discovery.bodies.valuation import value_of
from pulpo_analysis.discovery.bodies.values import Atom, AtomKind, Value, atom, inside, ordered
from pulpo_analysis.discovery.expressions import Expression, ExpressionKind
from pulpo_base.specs import SourceLocation

__all__ = [
    "CONVERT",
    "catching",
    "caught_types",
    "class_names",
    "convert",
    "decorator_term",
    "guard_name",
    "instances",
    "raise_exception",
]

CONVERT = "handle_errors"
_SUPPRESS = "contextlib.suppress"


def raise_exception(frame: Frame, step: Raise) -> None:
    """Note what a `raise` statement raises: something new, or again what was caught."""
    place = frame.place(step.line, step.column)
    name = step.value.name if step.value and step.value.kind is TermKind.NAME else ""
    for caught_as, caught, types in reversed(frame.caught):
        if step.value is None or (name and name == caught_as):
            _raise_again(frame, caught, types, place)
            return
    if step.value is None:
        return
    found = [part for part in ordered(value_of(frame, step.value)) if _is_raised(frame, part)]
    narrow = [part for part in found if not frame.exceptions.is_broad(part.key)]
    for part in narrow or found:
        status = part.origin if part.kind is AtomKind.OBJECT else ""
        frame.throw(Raised(frame.exceptions.named(part.key), status), place)


def _is_raised(frame: Frame, part: Atom) -> bool:
    kinds = {AtomKind.INSTANCE, AtomKind.CLASS, AtomKind.OBJECT, AtomKind.EXTERNAL}
    return part.kind in kinds and frame.exceptions.is_exception(part.key)


def _raise_again(
    frame: Frame,
    caught: dict[Raised, SourceLocation],
    types: tuple[str, ...],
    place: SourceLocation,
) -> None:
    for raised, where in tuple(caught.items()):
        frame.throw(raised, where)
    if not caught:
        for name in types:
            if not frame.exceptions.is_broad(name):
                frame.throw(Raised(name), place)


def caught_types(frame: Frame, handler: Handler) -> tuple[str, ...]:
    """Return the names of the classes that a handler catches; empty for every exception."""
    return tuple(name for term in handler.types for name in class_names(frame, term))


def instances(frame: Frame, types: tuple[str, ...]) -> Value:
    """Return what a caught exception may be."""
    found = (
        Atom(AtomKind.INSTANCE if frame.project.known.located(name) else AtomKind.OBJECT, name)
        for name in types
        if name
    )
    return frozenset(found) or atom(AtomKind.OBJECT, "builtins.BaseException")


def catching(types: tuple[str, ...]) -> frozenset[str] | None:
    """Return what a guard takes for these types; `None`, everything, for none."""
    return frozenset(types) or None


def class_names(frame: Frame, term: Term) -> list[str]:
    """Return the exception classes that a term names; an empty name where it is not known."""
    value = value_of(frame, term)
    classes = {AtomKind.CLASS, AtomKind.EXTERNAL}
    found = [part for part in inside(value) if part.kind in classes]
    return sorted(frame.exceptions.named(part.key) for part in found) or [""]


def guard_name(frame: Frame, term: Term) -> str:
    """Return which known context manager (or decorator) a term calls, empty for none."""
    if term.kind is not TermKind.CALL or term.args[0].kind is not TermKind.NAME:
        return ""
    value = frame.project.name(frame.function.module, term.args[0].name)
    names = {part.key for part in value if part.kind is AtomKind.EXTERNAL}
    if _SUPPRESS in names:
        return _SUPPRESS
    return (
        CONVERT
        if any(name.startswith("pulpo_utils.") and name.endswith(CONVERT) for name in names)
        else ""
    )


def convert(frame: Frame, term: Term, guard: Guard, types: tuple[str, ...]) -> None:
    """Raise what `handle_errors` makes of what it caught."""
    target = dict(term.keywords).get("reraise_as")
    names = class_names(frame, target) if target is not None else []
    place = frame.place(term.line, term.column)
    caught = guard.handlers[0][1]
    for raised, where in tuple(caught.items()):
        kept = not names or frame.exceptions.ancestors(raised.exception) & set(names)
        if kept:
            frame.throw(raised, where)
    if types or caught:
        for name in filter(None, names):
            frame.throw(Raised(name), place)


def decorator_term(expression: Expression) -> Term | None:
    """Return a decorator's call as a term, `None` for what no guard is written as."""
    if expression.kind is ExpressionKind.NAME:
        return Term(TermKind.NAME, expression.value, (), (), expression.line, expression.column)
    if expression.kind is not ExpressionKind.CALL:
        return None
    args = tuple(decorator_term(part) or Term(TermKind.DATA) for part in expression.args)
    keywords = tuple(
        (key, decorator_term(value) or Term(TermKind.DATA)) for key, value in expression.keywords
    )
    return Term(TermKind.CALL, "", args, keywords, expression.line, expression.column)
