"""URLs, by the parser that pydantic uses (the WHATWG algorithm, in Rust)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulpo_utils._extras import require
from pulpo_utils.validators._text import refuse_text
from pulpo_utils.validators.base import ValidationResult, Validator

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["UrlValidator"]


class UrlValidator(Validator):
    """Accepts absolute URLs with a host and one of `schemes`.

    Normalises scheme and host to lower case and international domains to Punycode. A user name or
    password in the URL is refused unless `allow_credentials`; a host without a dot, such as
    `localhost`, if `require_dot`. Says nothing about whether the host is safe to call. Needs the
    `validators` extra.

    >>> UrlValidator().validate("HTTPS://Example.com/a?b=1").value
    'https://example.com/a?b=1'
    >>> UrlValidator().validate("javascript:alert(1)").codes
    ('invalid_url',)
    """

    def __init__(
        self,
        *,
        schemes: Iterable[str] = ("http", "https"),
        max_length: int = 2083,
        allow_credentials: bool = False,
        require_dot: bool = False,
    ) -> None:
        require("pydantic_core", extra="validators", needed_by="UrlValidator")
        if isinstance(schemes, str):
            raise TypeError(f"schemes must be a list of names: write schemes=[{schemes!r}]")
        self._schemes = tuple(scheme.lower() for scheme in schemes)
        self._max_length = max_length
        self._allow_credentials = allow_credentials
        self._require_dot = require_dot

    def validate(self, value: Any) -> ValidationResult:
        """Check one URL."""
        refused = refuse_text(value, what="a URL", max_length=self._max_length)
        if refused is not None:
            return refused
        from pydantic_core import Url, ValidationError

        # The parser mends what it can: spaces, backslashes, missing slashes. A validator does not.
        scheme, separator, rest = value.partition("://")
        is_whole = scheme.lower() in self._schemes and separator and not rest.startswith("/")
        if not is_whole or " " in value or "\\" in value:
            return self._invalid(value)
        try:
            url = Url(value)
        except ValidationError:  # its texts may quote parts of the URL
            return self._invalid(value)
        host = url.host or ""
        if not host or ".." in host or (self._require_dot and "." not in host):
            return self._invalid(value)
        if not self._allow_credentials and (url.username or url.password):
            error = "must not contain a user name or password"
            return ValidationResult.invalid(value, "url_credentials", error)
        return ValidationResult.valid(str(url))

    def _invalid(self, value: str) -> ValidationResult:
        error = f"must be a URL that begins with {' or '.join(f'{s}://' for s in self._schemes)}"
        return ValidationResult.invalid(value, "invalid_url", error)

    def json_schema(self) -> dict[str, Any]:
        """Return the format `uri`."""
        return {"format": "uri", "maxLength": self._max_length}
