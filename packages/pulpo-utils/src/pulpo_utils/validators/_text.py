"""The check before every other: is this a short piece of visible text at all.

It is linear and bounds the length, so that whatever a library does next is bounded too.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from pulpo_utils.validators.base import ValidationResult

__all__ = ["refuse_text"]

# Control characters (a newline at the end), invisible ones (zero-width, bidirectional overrides),
# halves of surrogate pairs, private use, unassigned, line and paragraph separators.
_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def refuse_text(
    value: Any, *, what: str, max_length: int, ascii_only: bool = False
) -> ValidationResult | None:
    """Return why `value` cannot be `what`, or None if it may be."""
    if not isinstance(value, str):
        return ValidationResult.invalid(value, "not_text", f"{what} must be text")
    if not value or len(value) > max_length:
        code, limit = ("too_long", f"{max_length} characters or fewer")
        if not value:
            code, limit = ("empty", "at least one character")
        return ValidationResult.invalid(value, code, f"{what} must have {limit}")
    if ascii_only and not value.isascii():
        return ValidationResult.invalid(value, "not_ascii", f"{what} must be plain ASCII")
    if any(unicodedata.category(char) in _UNWANTED for char in value):
        error = f"{what} must not contain control or invisible characters"
        return ValidationResult.invalid(value, "invisible_character", error)
    if value != value.strip():
        error = f"{what} must not begin or end with a space"
        return ValidationResult.invalid(value, "surrounding_space", error)
    return None
