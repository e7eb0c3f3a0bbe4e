"""Text of the user's, made visible and harmless for markup."""

from __future__ import annotations

__all__ = ["visible"]


def visible(text: str, *, lines: bool = False) -> str:
    """Return text without characters that act or hide (controls, direction marks, surrogates).

    They are shown as Python escapes them. With `lines`, the ends of lines stay.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or (lines and char == "\n") else ascii(char)[1:-1]
        for char in text
    )
