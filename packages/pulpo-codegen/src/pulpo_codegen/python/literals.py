"""Plans and their parts as Python source that builds them again."""

from __future__ import annotations

import dataclasses
from enum import Enum
from functools import cache
from typing import Any

from pulpo_base.specs import SourceLocation
from pulpo_codegen.python.imports import Imports
from pulpo_codegen.python.layout import Bracketed, Node, call, sequence
from pulpo_codegen.render.python import py
from pulpo_codegen.render.source import Source

__all__ = ["construction"]

_LITERALS = frozenset([str, int, bool, float, type(None)])


def construction(value: object, imports: Imports) -> Node:
    """Return the expression that builds a value again.

    That is a frozen dataclass, an enumeration's member, a tuple of these or a literal.

    Fields that have their default are left out, and so are places in source files: a generated
    file would change whenever a line moves.
    """
    if type(value) in _LITERALS:
        return py(value)
    if isinstance(value, tuple):
        return sequence([construction(item, imports) for item in value])
    if isinstance(value, Enum):
        return Source(f"{imports.use(*_home(type(value)))}.{value.name}")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _instance(value, imports)
    return py(value)


def _instance(value: Any, imports: Imports) -> Bracketed:
    arguments: dict[str, Node] = {}
    for name, default in _fields(type(value)):  # type: ignore[arg-type]  # a class is hashable
        item = getattr(value, name)
        if item == default or _is_location(item):
            continue
        arguments[name] = construction(item, imports)
    return call(imports.use(*_home(type(value))), arguments)


@cache
def _fields(kind: type) -> tuple[tuple[str, object], ...]:
    """Return the names and defaults of a dataclass's fields."""
    return tuple((one.name, one.default) for one in dataclasses.fields(kind))


def _is_location(item: object) -> bool:
    return isinstance(item, SourceLocation) or (
        isinstance(item, tuple) and bool(item) and isinstance(item[0], SourceLocation)
    )


def _home(kind: type) -> tuple[str, str]:
    """Return the public module that generated code imports a class of ours from."""
    module = kind.__module__
    return ("pulpo_base.flows" if module == "pulpo_base.flows.plan" else module), kind.__qualname__
