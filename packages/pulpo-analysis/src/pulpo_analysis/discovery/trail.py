"""`Trail`: what of a project somebody looked at to find an answer."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Trail"]


@dataclass(slots=True)
class Trail:
    """Files whose facts were read, by relative path, and names of modules that were looked up.

    A name that led nowhere is part of it: a module of that name would have been found.
    """

    files: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)

    def include(self, other: Trail) -> None:
        """Add what another one holds."""
        self.files |= other.files
        self.modules |= other.modules
