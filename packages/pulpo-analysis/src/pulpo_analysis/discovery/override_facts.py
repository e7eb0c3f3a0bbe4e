"""Files below `overrides/api/` as plain values, for whoever has no syntax tree to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pulpo_base.specs import SourceLocation

__all__ = ["API_OVERRIDES", "ApiOverride", "OverrideMethod", "OverrideName"]

#: Where they are, relative to the project; always imported from its folder, as `run_cache` is.
API_OVERRIDES: Final = "overrides/api"


@dataclass(frozen=True, slots=True)
class OverrideMethod:
    """A method or function; `positional` counts the least and most arguments behind `self`."""

    name: str
    location: SourceLocation
    is_async: bool
    positional: tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class OverrideName:
    """A class, function or constant at the top of an override file.

    A class has methods; `function` says how a function can be called.
    """

    name: str
    location: SourceLocation
    methods: tuple[OverrideMethod, ...] = ()
    function: OverrideMethod | None = None


@dataclass(frozen=True, slots=True)
class ApiOverride:
    """One file: `stem` says which model it is about, `names` what it defines, imports left out."""

    stem: str
    module: str
    location: SourceLocation
    names: tuple[OverrideName, ...]

    def defines(self, name: str) -> bool:
        """Return whether the file defines that name."""
        return any(one.name == name for one in self.names)
