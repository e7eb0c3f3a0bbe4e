"""One file's text with edits made, or the reason why they are not."""

from __future__ import annotations

import ast
import codecs
import io
import tokenize
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pulpo_analysis.diagnostics.diagnostic import Edit, Fix
from pulpo_analysis.fixing.imports import import_edits
from pulpo_base.specs import SourceLocation

__all__ = ["SourceText", "fixed_text", "read_source"]


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's text as Python decodes it, newlines as they are in the file."""

    text: str
    encoding: str
    mark: bytes = b""

    def encoded(self, text: str) -> bytes:
        """Return another text as this file's bytes. Raises `UnicodeEncodeError`."""
        return self.mark + text.encode(self.encoding)


def read_source(source: bytes) -> SourceText:
    """Return the text of a file. Raises `SyntaxError` or `UnicodeDecodeError` if it has none."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    mark = codecs.BOM_UTF8 if source.startswith(codecs.BOM_UTF8) else b""
    plain = "utf-8" if encoding == "utf-8-sig" else encoding
    return SourceText(source.removeprefix(mark).decode(plain), plain, mark)


def fixed_text(text: str, fixes: Sequence[Fix]) -> tuple[str, tuple[Fix, ...]]:
    """Return the text with as many fixes made as do not overlap, and those that were made.

    A fix is made as a whole or not at all; of two that overlap, the first. The result parses,
    where the text did: otherwise nothing is changed.
    """
    made: list[Fix] = []
    taken: list[tuple[int, int]] = []
    changes: dict[tuple[int, int], str] = {}
    starts = _line_starts(text)
    for fix in fixes:
        spans = [_span(edit, starts, text) for edit in fix.edits]
        if any(span is None for span in spans) or _overlap(spans, taken):
            continue
        imports = import_edits(text, fix.imports)
        if imports is None:
            continue
        made.append(fix)
        for span, edit in zip(spans, fix.edits, strict=True):
            if span is not None:
                taken.append(span)
                changes[span] = edit.text
    wanted = tuple(dict.fromkeys(pair for fix in made for pair in fix.imports))
    for edit in import_edits(text, wanted) or ():
        span = _span(edit, starts, text)
        if span is not None:
            changes[span] = changes.get(span, "") + edit.text
    result = text
    for (start, end), new in sorted(changes.items(), reverse=True):
        result = result[:start] + new + result[end:]
    return (result, tuple(made)) if _parses(result) else (text, ())


def _line_starts(text: str) -> list[int]:
    """Return where each line of Python begins: a form feed ends none."""
    starts = [0]
    for line in io.StringIO(text, newline=""):
        starts.append(starts[-1] + len(line))
    return starts


def _span(edit: Edit, starts: Sequence[int], text: str) -> tuple[int, int] | None:
    start, end = _offset(edit.start, starts), _offset(edit.end, starts)
    if start is None or end is None or not start <= end <= len(text):
        return None
    return start, end


def _offset(place: SourceLocation, starts: Sequence[int]) -> int | None:
    if not 1 <= place.line <= len(starts):
        return None
    return starts[place.line - 1] + place.column - 1


def _overlap(spans: Iterable[tuple[int, int] | None], taken: Iterable[tuple[int, int]]) -> bool:
    others = list(taken)
    for span in spans:
        for start, end in others:
            if span is not None and (span == (start, end) or (span[0] < end and start < span[1])):
                return True
        if span is not None:
            others.append(span)
    return False


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
