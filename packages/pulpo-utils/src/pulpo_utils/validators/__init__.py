"""Validators: values checked and normalised by well-kept libraries, in linear time.

Each has three forms: a class (`EmailValidator().validate(value)`), a function
(`validate_email(value)`), and a type for pydantic models (`Email`, or `Annotated[str,
EmailValidator(...)]` with options of your own).
"""

from pulpo_utils.validators.base import ValidationChain, ValidationResult, Validator
from pulpo_utils.validators.email import EmailValidator
from pulpo_utils.validators.functions import (
    validate_email,
    validate_length,
    validate_phone,
    validate_postal_code,
    validate_url,
)
from pulpo_utils.validators.length import LengthValidator
from pulpo_utils.validators.phone import PhoneValidator
from pulpo_utils.validators.postal_code import PostalCodeValidator
from pulpo_utils.validators.url import UrlValidator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pulpo_utils.validators.types import Email, Phone, PostalCode, ShortText, Url

__all__ = [
    "Email",
    "EmailValidator",
    "LengthValidator",
    "Phone",
    "PhoneValidator",
    "PostalCode",
    "PostalCodeValidator",
    "ShortText",
    "Url",
    "UrlValidator",
    "ValidationChain",
    "ValidationResult",
    "Validator",
    "validate_email",
    "validate_length",
    "validate_phone",
    "validate_postal_code",
    "validate_url",
]

_TYPES = frozenset({"Email", "Phone", "PostalCode", "ShortText", "Url"})


def __getattr__(name: str) -> object:
    # Made when asked for: each needs its library, and the validators without one should not.
    if name not in _TYPES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from pulpo_utils.validators import types

    return getattr(types, name)
