"""Backslash escapes, which Python and YAML write alike."""

from __future__ import annotations

__all__ = ["escaped"]

_SHORT = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escaped(text: str, quote: str = "") -> str:
    """Return `text` on one line, `quote` and everything unprintable as a backslash escape.

    Printable characters of any script stay; directional overrides, which could make source
    read otherwise than it runs, are unprintable.
    """
    if text.isprintable() and "\\" not in text and (not quote or quote not in text):
        return text
    return "".join(_character(character, quote) for character in text)


def _character(character: str, quote: str) -> str:
    if character == quote:
        return "\\" + character
    if short := _SHORT.get(character):
        return short
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")
