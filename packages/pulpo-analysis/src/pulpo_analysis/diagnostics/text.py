"""Diagnostics as text: a headline, the source line with a caret, other places, the hint."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_base.specs import SourceLocation

__all__ = ["SourceLines", "diagnostic_text", "summary"]

#: How many characters of a source line are shown, and how many of these at most before the caret.
_WIDTH, _BEFORE = 160, 100


class SourceLines:
    """Lines of the project's files, each file read once."""

    def __init__(self, root: Path) -> None:
        """Read files below `root`."""
        self._root = root
        self._files: dict[str, list[str]] = {}

    def line(self, location: SourceLocation) -> str:
        """Return the line at a place; empty where there is none to show."""
        if location.path not in self._files:
            try:
                source = (self._root / location.path).read_bytes()
            except OSError:
                source = b""  # the finding itself says what is wrong with the file
            # Bytes, because text has more kinds of line end than Python's parser counts.
            raw = source.removeprefix(codecs.BOM_UTF8).splitlines()
            self._files[location.path] = [line.decode("utf-8", "replace") for line in raw]
        lines = self._files[location.path]
        return lines[location.line - 1] if 0 < location.line <= len(lines) else ""


def diagnostic_text(diagnostic: Diagnostic, sources: SourceLines) -> str:
    """Return one finding as lines of plain text, without a newline at the end."""
    place = f"{diagnostic.location}: " if diagnostic.location else ""
    lines = [f"{place}{diagnostic.severity.value} {diagnostic.code}: {diagnostic.message}"]
    if diagnostic.location:
        lines.extend(_frame(diagnostic.location, sources))
    lines.extend(f"   also at {other}" for other in diagnostic.locations[1:])
    if diagnostic.hint:
        lines.append(f"   hint: {diagnostic.hint}")
    return "\n".join(map(_printable, lines))


def _printable(line: str) -> str:
    """Return a line that no terminal takes for a command and no reader for two lines."""
    if line.isprintable():
        return line
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Return how many findings there are of each severity, in words."""
    counts = Counter(found.severity for found in diagnostics)
    parts = [
        f"{counts[severity]} {word if counts[severity] == 1 else word + 's'}"
        for severity, word in (
            (Severity.ERROR, "error"),
            (Severity.WARNING, "warning"),
            (Severity.INFO, "note"),
        )
        if counts[severity]
    ]
    return ", ".join(parts) if parts else "no findings"


def _frame(location: SourceLocation, sources: SourceLines) -> Iterable[str]:
    text = sources.line(location).replace("\t", " ")
    if not text.strip():
        return
    number = str(location.line)
    before, rest = text[: location.column - 1], text[location.column - 1 :]
    shown = _printable(before)
    if len(shown) > _BEFORE:
        shown = f"…{shown[-_BEFORE:]}"
    yield f"   {number} | {shown}{rest}"[:_WIDTH]
    yield f"   {' ' * len(number)} | {' ' * len(shown)}^"
