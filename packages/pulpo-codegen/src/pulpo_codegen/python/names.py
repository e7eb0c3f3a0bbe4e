"""Local names in a generated module: each is given once."""

from __future__ import annotations

import builtins
import keyword
import re

from pulpo_analysis.registries.naming import identifier
from pulpo_codegen.render.source import Source

__all__ = ["Names", "package_name"]

_BUILTINS = frozenset(dir(builtins))


class Names:
    """The names of one scope; Python's keywords and built-ins are never given away."""

    def __init__(self, *reserved: str) -> None:
        """Start with names that the template uses itself."""
        self._taken: set[str] = set(reserved)

    def take(self, wanted: str) -> Source:
        """Return `wanted` as an identifier, with underscores behind it until it is free."""
        name = identifier(wanted)
        while name in self._taken or name in _BUILTINS or keyword.iskeyword(name):
            name += "_"
        self._taken.add(name)
        return Source(name)

    def reserve(self, name: str) -> Source:
        """Keep a name that must be exactly this one.

        Raises `ValueError` where it was given away before: reserve first, then take.
        """
        if name in self._taken:
            raise ValueError(f"{name!r} is taken already")
        self._taken.add(name)
        return Source(name)


def package_name(name: str) -> Source:
    """Return `name` as PEP 508 takes a project's name, which suits compose and Prefect as well."""
    words = re.findall(r"[a-z0-9]+", name.lower())
    return Source("-".join(words) or "project")
