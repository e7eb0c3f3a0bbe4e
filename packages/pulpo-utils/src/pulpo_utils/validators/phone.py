"""Phone numbers, by the phonenumbers library (Google's libphonenumber)."""

from __future__ import annotations

from typing import Any

from pulpo_utils._extras import require
from pulpo_utils.validators._text import refuse_text
from pulpo_utils.validators.base import ValidationResult, Validator

__all__ = ["PhoneValidator"]

_MAX_LENGTH = 40  # E.164 has 15 digits; the rest is for punctuation
_PUNCTUATION = frozenset("+-./() ")


class PhoneValidator(Validator):
    """Accepts numbers that exist in the numbering plan of their country; normalises to E.164.

    `region` (ISO 3166, `"DE"`) says whose national numbers are accepted; without it a number must
    begin with `+`. Letters and extensions are refused. Needs the `validators` extra.

    >>> PhoneValidator("DE").validate("030 123456").value
    '+4930123456'
    >>> PhoneValidator().validate("030 123456").codes
    ('invalid_phone',)
    """

    def __init__(self, region: str | None = None) -> None:
        require("phonenumbers", extra="validators", needed_by="PhoneValidator")
        if region is not None:
            import phonenumbers

            region = region.upper()
            if region not in phonenumbers.SUPPORTED_REGIONS:
                raise ValueError(f"region={region!r}: use a country code of ISO 3166, such as 'DE'")
        self._region = region

    def validate(self, value: Any) -> ValidationResult:
        """Check one number."""
        refused = refuse_text(value, what="a phone number", max_length=_MAX_LENGTH, ascii_only=True)
        if refused is not None:
            return refused
        if not all(char.isdigit() or char in _PUNCTUATION for char in value):
            return self._invalid(value)
        import phonenumbers

        try:
            number = phonenumbers.parse(value, self._region)
        except phonenumbers.NumberParseException:
            return self._invalid(value)
        if not phonenumbers.is_valid_number(number):
            return self._invalid(value)
        form = phonenumbers.PhoneNumberFormat.E164
        return ValidationResult.valid(phonenumbers.format_number(number, form))

    def _invalid(self, value: str) -> ValidationResult:
        where = "" if self._region is None else f" of {self._region}, or one"
        error = f"must be a phone number{where} with country code such as +49 30 123456"
        return ValidationResult.invalid(value, "invalid_phone", error)

    def json_schema(self) -> dict[str, Any]:
        """Return the longest text that is read."""
        return {"maxLength": _MAX_LENGTH}
