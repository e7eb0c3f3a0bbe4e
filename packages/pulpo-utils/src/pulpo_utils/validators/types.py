"""The validators as types for pydantic models.

Other options than these make other types: `Annotated[str, PostalCodeValidator("DE")]`.
"""

from typing import Annotated

from pulpo_utils.validators.email import EmailValidator
from pulpo_utils.validators.length import LengthValidator
from pulpo_utils.validators.phone import PhoneValidator
from pulpo_utils.validators.postal_code import PostalCodeValidator
from pulpo_utils.validators.url import UrlValidator

__all__ = ["Email", "Phone", "PostalCode", "ShortText", "Url"]

Email = Annotated[str, EmailValidator()]
Url = Annotated[str, UrlValidator()]
Phone = Annotated[str, PhoneValidator()]
PostalCode = Annotated[str, PostalCodeValidator("US")]
ShortText = Annotated[str, LengthValidator(min_length=1, max_length=255)]
