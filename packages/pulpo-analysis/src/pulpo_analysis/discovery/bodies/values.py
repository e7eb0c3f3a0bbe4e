"""What an expression may be, as far as models and exceptions are concerned."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple

__all__ = [
    "DATA",
    "NEW",
    "STORED",
    "UNKNOWN",
    "Atom",
    "AtomKind",
    "Value",
    "atom",
    "chosen",
    "elements",
    "inside",
    "many",
    "merged",
    "of_parameter",
    "ordered",
    "parameter_of",
]

#: Origins of instances: made here, or read from the database or given by whoever calls.
NEW = "new"
STORED = "stored"
_PARAMETER = "parameter "

_WIDEST = 12
_DEEPEST = 3


class AtomKind(StrEnum):
    """The kinds of things that code hands around."""

    INSTANCE = "instance"
    """An instance of the project's class `key`; `origin` says where it comes from.

    `items` are the classes that each parameter of `__init__` was given, where any was.
    """
    CLASS = "class"
    """The project's class `key` itself."""
    QUERY = "query"
    """A query for documents of class `key` that did not run yet."""
    LINK = "link"
    """A link to a document of class `key`."""
    PARENT = "parent"
    """`super()` in a method called on the class `key`."""
    FUNCTION = "function"
    """The project's function `key`; a method bound to the class `origin`."""
    EXTERNAL = "external"
    """The class, function or module `key` of a library."""
    OBJECT = "object"
    """An instance of a library's class `key`; `origin` is an HTTP status where one is known."""
    PARAMETER = "parameter"
    """Whatever is given for the parameter `key`."""
    MANY = "many"
    """A collection; `items` holds what its elements may be."""
    TUPLE = "tuple"
    """A sequence; `items` holds what each of its elements may be."""
    UNKNOWN = "unknown"
    """Something that may be anything."""


class Atom(NamedTuple):
    """One thing that an expression may be; a named tuple, because there are very many."""

    kind: AtomKind
    key: str = ""
    origin: str = ""
    items: tuple[Value, ...] = ()


#: Everything that an expression may be. Nothing at all stands for plain data.
Value = frozenset[Atom]

DATA: Value = frozenset()
UNKNOWN: Value = frozenset({Atom(AtomKind.UNKNOWN)})


def atom(kind: AtomKind, key: str = "", origin: str = "") -> Value:
    """Return the value that is this one thing."""
    return frozenset({Atom(kind, key, origin)})


def of_parameter(name: str) -> str:
    """Return the origin of an instance that the caller gave for a parameter."""
    return _PARAMETER + name


def parameter_of(origin: str) -> str:
    """Return the parameter that an origin speaks of, empty for another origin."""
    return origin.removeprefix(_PARAMETER) if origin.startswith(_PARAMETER) else ""


def merged(values: Iterable[Value]) -> Value:
    """Return what is one of the values; too many possibilities are unknown."""
    found = DATA.union(*values)
    return found if len(found) <= _WIDEST else UNKNOWN


def many(inner: Value) -> Value:
    """Return a collection of such elements; nesting without an end is unknown."""
    if _depth(inner) >= _DEEPEST:
        return UNKNOWN
    return frozenset({Atom(AtomKind.MANY, items=(inner,))})


def elements(value: Value) -> Value:
    """Return what an element of the value may be."""
    found: list[Value] = []
    for part in value:
        match part.kind:
            case AtomKind.MANY | AtomKind.TUPLE:
                found.extend(part.items)
            case AtomKind.QUERY:
                found.append(atom(AtomKind.INSTANCE, part.key, STORED))
            case AtomKind.PARAMETER:
                found.append(frozenset({part}))
            case AtomKind.UNKNOWN | AtomKind.INSTANCE:
                found.append(UNKNOWN)
            case _:
                continue
    return merged(found)


def chosen(value: Value) -> Value:
    """Return the element that a key picks: which of several classes or functions is not known."""
    found = elements(value)
    callable_ = [part for part in found if part.kind in {AtomKind.CLASS, AtomKind.FUNCTION}]
    return found if len(callable_) <= 1 else UNKNOWN


def inside(value: Value) -> list[Atom]:
    """Return the atoms of a value and of everything in its collections."""
    found: list[Atom] = []
    for part in value:
        found.append(part)
        for items in part.items:
            found.extend(inside(items))
    return found


def ordered(value: Value) -> list[Atom]:
    """Return the atoms in an order that does not depend on their hashes."""
    return sorted(value, key=_key) if len(value) > 1 else list(value)


def _key(part: Atom) -> tuple[Any, ...]:
    # Not `repr`: a set inside an atom has no order of its own.
    return part.kind, part.key, part.origin, *(sorted(map(_key, item)) for item in part.items)


def _depth(value: Value) -> int:
    return max(
        (1 + max(map(_depth, part.items), default=0) for part in value if part.items), default=0
    )
