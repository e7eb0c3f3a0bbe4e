"""`Copied`: the context of a row that needs no template, because its file is there already."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Copied"]


@dataclass(frozen=True, slots=True)
class Copied:
    """A file of Pulpo's own that is written as it is: `name` is its path among its kind."""

    name: str
    source: Path

    def text(self) -> str:
        """Return what the file holds."""
        return self.source.read_bytes().decode("utf-8")
