"""The imports of one generated module, sorted and free of collisions."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from pulpo_codegen.python.names import Names
from pulpo_codegen.render.escapes import columns
from pulpo_codegen.render.python import LINE_LENGTH, py_name, py_path
from pulpo_codegen.render.source import Source

__all__ = ["Imports"]


@dataclass(slots=True)
class Imports:
    """Collects what a module imports; each class gets a local name that nothing else has.

    `names` holds the names that the template itself uses; `first_party` the top-level packages
    of the project.
    """

    names: Names
    first_party: frozenset[str]
    _wanted: dict[tuple[str, str], str] = field(default_factory=dict)

    def use(self, module: str, qualname: str) -> Source:
        """Return how generated code refers to `qualname` of `module`, importing its first part."""
        outer, _, inner = qualname.partition(".")
        key = (module, outer)
        if module == "builtins":
            return py_path(qualname)
        if key not in self._wanted:
            self._wanted[key] = self.names.take(py_name(outer))
        local = self._wanted[key]
        return Source(f"{local}.{py_path(inner)}" if inner else local)

    def fixed(self, module: str, *names: str) -> None:
        """Import names under which the template itself speaks of them."""
        for name in names:
            self._wanted[module, name] = self.names.reserve(py_name(name))

    def block(self) -> Source:
        """Return the import statements as isort and `ruff check --select I` want them."""
        modules: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for (module, name), local in self._wanted.items():
            modules[module].append((name, local))
        sections: defaultdict[int, list[str]] = defaultdict(list)
        for module in sorted(modules, key=lambda name: (_natural(name.lower()), name)):
            sections[self._section(module)].extend(_statements(module, modules[module]))
        return Source("\n\n".join("\n".join(sections[rank]) for rank in sorted(sections)))

    def _section(self, module: str) -> int:
        top = module.partition(".")[0]
        if top in self.first_party:
            return 2
        return 0 if top in sys.stdlib_module_names else 1


def _statements(module: str, names: Iterable[tuple[str, str]]) -> Iterator[str]:
    ordered = sorted(names, key=lambda pair: _member_key(pair[0]))
    plain = [name for name, local in ordered if name == local]
    renamed = [(name, local) for name, local in ordered if name != local]
    path = py_path(module)
    found = [(name, f"from {path} import {name} as {local}") for name, local in renamed]
    if plain:
        found.append((plain[0], _statement(path, plain)))
    # Statements of one module stand in the order of the first name that each imports.
    for _, statement in sorted(found, key=lambda pair: _member_key(pair[0])):
        yield statement


def _statement(module: str, members: list[str]) -> str:
    flat = f"from {module} import {', '.join(members)}"
    if columns(flat) <= LINE_LENGTH:
        return flat
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in members), ")"])


def _member_key(name: str) -> tuple[int, tuple[str | int, ...], str]:
    """Constants first, then classes, then the rest, as isort's `order-by-type` has it."""
    if name.isupper() and len(name) > 1:
        rank = 0
    elif name[:1].isupper():
        rank = 1
    else:
        rank = 2
    return rank, _natural(name.lower()), name


@lru_cache(maxsize=10_000)
def _natural(text: str) -> tuple[str | int, ...]:
    """Return a key that puts `step2` before `step10`; texts and numbers alternate."""
    return tuple(int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", text))
