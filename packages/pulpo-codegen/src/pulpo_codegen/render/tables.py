"""Values of user code in CSV (RFC 4180)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pulpo_codegen.render.escapes import one_line
from pulpo_codegen.render.source import Source

__all__ = ["csv_row"]

#: What makes a spreadsheet take a cell for a formula and run it.
_FORMULA: Final = ("=", "+", "-", "@")


def csv_row(values: Iterable[str | int], separator: str = ",") -> Source:
    """Return one line of a table, each text on that line and no formula among them.

    `separator` is one character. Where a text would start a formula, an apostrophe stands in
    front of it: spreadsheets show it as text then.
    """
    return Source(separator.join(_cell(value, separator) for value in values))


def _cell(value: str | int, separator: str) -> str:
    if isinstance(value, int):
        return str(value)
    text = one_line(value)
    if text.startswith(_FORMULA):
        text = f"'{text}"
    if '"' in text or separator in text:
        return '"' + text.replace('"', '""') + '"'
    return text
