"""Syntax that a newer Python reads and the running one does not."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

__all__ = ["NewSyntax", "new_syntax"]


@dataclass(frozen=True, slots=True)
class NewSyntax:
    """What is written, and the first Python that reads it."""

    what: str
    version: tuple[int, int]

    @property
    def python(self) -> str:
        """The version as people write it."""
        return ".".join(map(str, self.version))


#: By the line that the parser stumbles over; the first that fits says what it is.
_FORMS = (
    (r"\s*type\s+\w+\s*(\[.*\])?\s*=", "a `type` statement", (3, 12)),
    (r"\s*(class|(async\s+)?def)\s+\w+\s*\[[^\]]*=", "a default of a type parameter", (3, 13)),
    (r"\s*(class|(async\s+)?def)\s+\w+\s*\[", "a type parameter in brackets", (3, 12)),
    (r"\s*except\s+[\w.]+\s*,", "`except` with several types and no parentheses", (3, 14)),
    (r".*[\s=(\[{,:][tT][rR]?(\"|')", "a template string", (3, 14)),
)


def new_syntax(line: str) -> NewSyntax | None:
    """Return what a line that cannot be parsed holds for a newer Python, `None` for nothing."""
    for pattern, what, version in _FORMS:
        if version > sys.version_info[:2] and re.match(pattern, line):
            return NewSyntax(what, version)
    return None
