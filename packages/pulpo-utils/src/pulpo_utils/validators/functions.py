"""The validators as functions; options are those of the classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulpo_utils.validators.email import EmailValidator
from pulpo_utils.validators.length import LengthValidator
from pulpo_utils.validators.phone import PhoneValidator
from pulpo_utils.validators.postal_code import PostalCodeValidator
from pulpo_utils.validators.url import UrlValidator

if TYPE_CHECKING:
    from pulpo_utils.validators.base import ValidationResult

__all__ = [
    "validate_email",
    "validate_length",
    "validate_phone",
    "validate_postal_code",
    "validate_url",
]


def validate_email(value: Any, **options: Any) -> ValidationResult:
    """Check an email address; see `EmailValidator`."""
    return EmailValidator(**options).validate(value)


def validate_url(value: Any, **options: Any) -> ValidationResult:
    """Check a URL; see `UrlValidator`."""
    return UrlValidator(**options).validate(value)


def validate_phone(value: Any, region: str | None = None) -> ValidationResult:
    """Check a phone number; see `PhoneValidator`."""
    return PhoneValidator(region).validate(value)


def validate_postal_code(value: Any, country: str = "US") -> ValidationResult:
    """Check a postal code; see `PostalCodeValidator`."""
    return PostalCodeValidator(country).validate(value)


def validate_length(
    value: Any, *, min_length: int = 0, max_length: int | None = None
) -> ValidationResult:
    """Check a length; see `LengthValidator`."""
    return LengthValidator(min_length=min_length, max_length=max_length).validate(value)
