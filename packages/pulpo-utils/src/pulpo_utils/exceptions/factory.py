"""`ExceptionFactory`: the common failures, said the same way everywhere."""

from __future__ import annotations

from pulpo_utils.exceptions.hierarchy import (
    ConfigurationError,
    DatabaseConnectionError,
    DatabaseError,
    RateLimitError,
    ScrapingError,
    TimeoutError,  # noqa: A004 - the public design names it so
    ValidationError,
)
from pulpo_utils.redaction import MASK, is_sensitive, mask_text, mask_uri

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["ExceptionFactory"]


class ExceptionFactory:
    """Builds exceptions whose message says what, where and what to do; it does not raise them.

    Extend it by inheriting from it:

    >>> class ShopErrors(ExceptionFactory):
    ...     @staticmethod
    ...     def sold_out(sku: str) -> ApplicationError:
    ...         return ApplicationError(f"{sku} is sold out.", {"sku": sku})
    >>> ShopErrors.sold_out("X-1")
    ApplicationError('X-1 is sold out.', details={'sku': 'X-1'})
    >>> ShopErrors.timeout_exceeded("charge", 2.5).message
    'charge did not finish within 2.5 s'
    """

    @staticmethod
    def validation_failed(field: str, value: Any, reason: str) -> ValidationError:
        """`field` was given `value`, which is wrong for `reason`.

        The value is kept in the details, unless the field's name says that it is a secret.
        """
        kept = MASK if is_sensitive(field) else value
        if kept is MASK and isinstance(value, str) and value:
            reason = reason.replace(value, MASK)
        return ValidationError(
            f"Validation failed for field '{field}': {reason}",
            {"field": field, "value": kept, "reason": reason},
        )

    @staticmethod
    def database_connection_failed(uri: str, error: BaseException | str) -> DatabaseError:
        """Say that the database at `uri` cannot be reached; credentials are masked."""
        masked = mask_uri(uri)
        reason = mask_text(str(error).replace(uri, masked))
        for secret in _credentials(uri):
            reason = reason.replace(secret, MASK)
        return DatabaseConnectionError(
            f"Could not connect to the database at {masked}: {reason}",
            {"uri": masked, "error": reason},
            hint="Check that the database is running and that its URI is right.",
        )

    @staticmethod
    def rate_limit_exceeded(
        limit: int, current: int, *, retry_after: float | None = None
    ) -> RateLimitError:
        """Say that `current` requests were made where `limit` are allowed."""
        return RateLimitError(
            f"Rate limit exceeded: {current} requests, {limit} allowed",
            {"limit": limit, "current": current},
            retry_after=retry_after,
        )

    @staticmethod
    def scraping_failed(url: str, reason: str, *, status: int | None = None) -> ScrapingError:
        """Say that the page at `url` could not be read; `status` is that of its answer."""
        masked = mask_uri(url)
        details: dict[str, Any] = {"url": masked, "reason": reason}
        if status is not None:
            details["status"] = status
        return ScrapingError(f"Scraping {masked} failed: {reason}", details)

    @staticmethod
    def timeout_exceeded(operation: str, seconds: float) -> TimeoutError:
        """`operation` did not finish within `seconds`."""
        return TimeoutError(
            f"{operation} did not finish within {seconds:g} s",
            {"operation": operation, "timeout": seconds},
        )

    @staticmethod
    def configuration_missing(key: str, *, where: str | None = None) -> ConfigurationError:
        """Say that the setting `key` is missing; `where` is the file it belongs in."""
        details = {"key": key} if where is None else {"key": key, "where": where}
        return ConfigurationError(
            f"Configuration '{key}' is missing",
            details,
            hint=f"Set {key} in {where or 'the environment or the configuration file'}.",
        )


def _credentials(uri: str) -> list[str]:
    """User name and password as they stand in `uri`, where they are long enough to recognise."""
    userinfo, at, _ = uri.partition("://")[2].rpartition("@")
    if not at:
        return []
    user, _, password = userinfo.partition(":")
    return [text for text in (userinfo, password, user) if len(text) > 2]  # noqa: PLR2004
