"""Email addresses, by the email-validator library."""

from __future__ import annotations

from typing import Any

from pulpo_utils._extras import require
from pulpo_utils.validators._text import refuse_text
from pulpo_utils.validators.base import ValidationResult, Validator

__all__ = ["EmailValidator"]

_MAX_LENGTH = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets


class EmailValidator(Validator):
    """Accepts what can be mailed to, internationalised addresses included.

    Normalises the domain to lower case and the whole to Unicode NFC. `check_deliverability` asks
    the DNS whether the domain takes mail. Needs the `validators` extra.

    >>> EmailValidator().validate("Ann@Example.COM").value
    'Ann@example.com'
    """

    def __init__(self, *, check_deliverability: bool = False, allow_unicode: bool = True) -> None:
        require("email_validator", extra="validators", needed_by="EmailValidator")
        self._check_deliverability = check_deliverability
        self._allow_unicode = allow_unicode

    def validate(self, value: Any) -> ValidationResult:
        """Check one address."""
        refused = refuse_text(
            value,
            what="an email address",
            max_length=_MAX_LENGTH,
            ascii_only=not self._allow_unicode,
        )
        if refused is not None:
            return refused
        from email_validator import EmailNotValidError, validate_email

        try:
            checked = validate_email(
                value,
                check_deliverability=self._check_deliverability,
                allow_smtputf8=self._allow_unicode,
                strict=True,
            )
        except EmailNotValidError:  # its texts quote parts of the address
            error = "must be an email address such as name@example.com"
            return ValidationResult.invalid(value, "invalid_email", error)
        return ValidationResult.valid(checked.normalized)

    def json_schema(self) -> dict[str, Any]:
        """Return the format `email`."""
        return {"format": "idn-email" if self._allow_unicode else "email", "maxLength": _MAX_LENGTH}
