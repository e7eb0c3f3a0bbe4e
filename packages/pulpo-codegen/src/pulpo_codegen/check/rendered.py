"""`RenderedFile`: the bytes of one output file, checked."""

from __future__ import annotations

import stat
from dataclasses import dataclass, field

from pulpo_base.specs import SourceLocation

__all__ = ["RenderedFile"]


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """One output file as it shall be on disk; `sha256` is the hash of `data`."""

    path: str
    data: bytes = field(repr=False)
    sha256: str
    target: str
    origins: tuple[SourceLocation, ...]
    mode: int

    @property
    def executable(self) -> bool:
        """Whether the owner may execute it."""
        return bool(self.mode & stat.S_IXUSR)
