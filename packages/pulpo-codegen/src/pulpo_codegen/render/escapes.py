"""Backslash escapes, which Python and YAML write alike, and what is done where there are none."""

from __future__ import annotations

import unicodedata

__all__ = ["columns", "escaped", "one_line"]

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


def one_line(text: str) -> str:
    """Return the words of `text` on one line, for languages without escapes.

    What cannot be shown, or turns the direction, is replaced by U+FFFD.
    """
    if not text.isprintable():
        text = "".join(
            character if character.isprintable() or character.isspace() else "\ufffd"
            for character in text
        )
    return " ".join(text.split())


def columns(text: str) -> int:
    """Return how wide `text` is, as formatters count: wide characters are two, marks none."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
