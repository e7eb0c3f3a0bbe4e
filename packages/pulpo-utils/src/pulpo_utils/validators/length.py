"""The length of texts and collections."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from pulpo_utils.validators.base import ValidationResult, Validator

__all__ = ["LengthValidator"]


class LengthValidator(Validator):
    """Accepts what has at least `min_length` and at most `max_length` characters or items.

    Characters are Unicode code points, as for Python's `len`. Needs no extra.

    >>> LengthValidator(min_length=2, max_length=3).validate("abcd").errors
    ('must have 3 characters or fewer',)
    """

    def __init__(self, *, min_length: int = 0, max_length: int | None = None) -> None:
        if min_length < 0 or (max_length is not None and max_length < min_length):
            raise ValueError(
                f"min_length={min_length}, max_length={max_length}: lengths are 0 or more, and the "
                f"longest is not below the shortest"
            )
        self._min_length = min_length
        self._max_length = max_length

    def validate(self, value: Any) -> ValidationResult:
        """Check one text or collection."""
        if not isinstance(value, Sized):
            error = "must be a text or a collection"
            return ValidationResult.invalid(value, "without_length", error)
        unit = "characters" if isinstance(value, str) else "items"
        if len(value) < self._min_length:
            error = f"must have {self._min_length} {unit} or more"
            return ValidationResult.invalid(value, "too_short", error)
        if self._max_length is not None and len(value) > self._max_length:
            error = f"must have {self._max_length} {unit} or fewer"
            return ValidationResult.invalid(value, "too_long", error)
        return ValidationResult.valid(value)

    def json_schema(self) -> dict[str, Any]:
        """Return the bounds of a text."""
        bounds = {"minLength": self._min_length or None, "maxLength": self._max_length}
        return {name: bound for name, bound in bounds.items() if bound is not None}
