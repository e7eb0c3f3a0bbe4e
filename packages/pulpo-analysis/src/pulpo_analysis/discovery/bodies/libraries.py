"""Calls of other libraries: which hand models through, and which may do anything."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from pulpo_analysis.discovery.bodies.exceptions import HTTP_EXCEPTION, canonical, status_of
from pulpo_analysis.discovery.bodies.frame import Frame
from pulpo_analysis.discovery.bodies.values import (
    DATA,
    UNKNOWN,
    Atom,
    AtomKind,
    Value,
    atom,
    elements,
    inside,
    many,
    merged,
    of_parameter,
)

if TYPE_CHECKING:
    from pulpo_analysis.discovery.bodies.functions import Arguments

__all__ = ["call_of_library"]

_COLLECTIONS = frozenset(
    f"builtins.{name}"
    for name in (
        "dict",
        "filter",
        "frozenset",
        "iter",
        "list",
        "reversed",
        "set",
        "sorted",
        "tuple",
    )
)
_ELEMENTS = frozenset({"builtins.anext", "builtins.max", "builtins.min", "builtins.next"})
_FIRST = frozenset(
    {
        "asyncio.create_task",
        "asyncio.ensure_future",
        "asyncio.run",
        "asyncio.shield",
        "asyncio.wait_for",
        "copy.copy",
        "copy.deepcopy",
    }
)
_CALLS_FIRST = frozenset(
    {
        "asyncio.to_thread",
        "functools.partial",
        "pulpo_base.invoke",
        "pulpo_base.invocation.invoke",
    }
)
_ANYTHING = frozenset(
    f"builtins.{name}"
    for name in ("__import__", "eval", "exec", "getattr", "globals", "locals", "setattr", "vars")
)
#: Libraries that do nothing to documents behind one's back.
_QUIET = frozenset(
    {
        "aiohttp",
        "beanie",
        "bson",
        "fastapi",
        "httpx",
        "pulpo_base",
        "pulpo_selfaware",
        "pulpo_utils",
        "pydantic",
        "requests",
        "starlette",
        "structlog",
    }
)

Call = Callable[[Value, "Arguments"], Value]


def call_of_library(frame: Frame, name: str, arguments: Arguments, call: Call) -> Value:
    """Note what calling a library's function or class does, and return what it may give."""
    first = arguments.positional[0] if arguments.positional else DATA
    if name in _COLLECTIONS:
        last = arguments.positional[-1] if arguments.positional else DATA
        return many(elements(last))
    if name in _ELEMENTS:
        return merged(map(elements, arguments.positional))
    if name in _FIRST:
        return first
    if name in _CALLS_FIRST:
        return _called(frame, first, arguments, call)
    match name:
        case "asyncio.gather":
            return _gathered(arguments)
        case "builtins.enumerate":
            return many(frozenset({Atom(AtomKind.TUPLE, items=(DATA, elements(first)))}))
        case "builtins.zip":
            items = tuple(map(elements, arguments.positional))
            return many(frozenset({Atom(AtomKind.TUPLE, items=items)}))
        case "builtins.super":
            owner = frame.function.owner
            names = [parameter.name for parameter in frame.function.fact.parameters[:1]]
            return atom(AtomKind.PARENT, owner, of_parameter(names[0])) if names else DATA
        case "typing.cast":
            return arguments.positional[1] if len(arguments.positional) > 1 else DATA
    return _other(frame, name, arguments, call)


def _called(frame: Frame, first: Value, arguments: Arguments, call: Call) -> Value:
    """Return what a function gives, or an operation's class by its `run` method."""
    methods = (
        frame.project.known.method(part.key, "run") for part in first if part.kind is AtomKind.CLASS
    )
    runs = frozenset(
        {
            *(part for part in first if part.kind is AtomKind.FUNCTION),
            *(Atom(AtomKind.FUNCTION, found.key, found.owner) for found in methods if found),
        }
    )
    return call(runs, arguments.without_first()) if runs else DATA


def _gathered(arguments: Arguments) -> Value:
    values = arguments.positional
    if any(part.kind is AtomKind.MANY for value in values for part in value):
        return many(merged(map(elements, values)))
    return frozenset({Atom(AtomKind.TUPLE, items=values)})


def _other(frame: Frame, name: str, arguments: Arguments, call: Call) -> Value:
    home = name.partition(".")[0]
    known = home in sys.stdlib_module_names or home in _QUIET or home == "builtins"
    if name in _ANYTHING or home in {"importlib", "runpy"} or not known:
        frame.summary.complete = False
    # A function that is handed over is taken as called, with what nobody knows.
    functions = frozenset(
        part
        for value in arguments.all()
        for part in inside(value)
        if part.kind is AtomKind.FUNCTION
    )
    if functions:
        call(functions, type(arguments)((), (), arguments.place))
    if name in _ANYTHING:
        return UNKNOWN
    made = frame.exceptions.made_by(name)
    if made:
        return atom(AtomKind.OBJECT, made)
    if name.rpartition(".")[2][:1].isupper():
        return atom(AtomKind.OBJECT, canonical(name), _status(name, arguments))
    return DATA


def _status(name: str, arguments: Arguments) -> str:
    if canonical(name) != HTTP_EXCEPTION:
        return ""
    given = dict(arguments.keywords).get("status_code")
    value = given if given is not None else next(iter(arguments.positional), DATA)
    names = tuple(part.key for part in value if part.kind is AtomKind.EXTERNAL)
    return status_of(arguments.status, names)
