"""The hierarchy: four abstract categories, nine concrete exceptions, and the retryable marker.

Exit codes follow BSD's `sysexits.h` where one fits. A class that declares `retryable` decides for
its instances; the others leave the decision to their cause (`is_retryable`).
"""

from __future__ import annotations

from pulpo_utils.exceptions.base import PulpoException
from pulpo_utils.exceptions.contract import FIELDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "ApplicationError",
    "AuthenticationError",
    "ConfigurationError",
    "DatabaseConnectionError",
    "DatabaseError",
    "ExternalServiceError",
    "InternalError",
    "OperationalError",
    "ProcessingError",
    "RateLimitError",
    "RetryableError",
    "ScrapingError",
    "TimeoutError",
    "UserInputError",
    "ValidationError",
]

_INFO, _WARNING, _ERROR = 20, 30, 40  # of the standard library's logging, which is slow to import


class RetryableError(PulpoException):
    """A failure that another try may mend; also a marker to combine with any other class.

    >>> class FlakyExport(ProcessingError, RetryableError):
    ...     pass
    >>> FlakyExport.code, FlakyExport.http_status, FlakyExport.retryable
    ('processing_error', 500, True)
    """

    code = "retryable_error"
    title = "Temporarily unavailable"
    category = "operational"
    http_status = 503
    retryable = True
    exit_code = 75  # EX_TEMPFAIL
    log_level = _WARNING

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Let the other bases give the contract, in whatever order they are written."""
        super().__init_subclass__(**kwargs)
        if "retryable" not in cls.__dict__:
            cls.retryable = True
        others = [base for base in cls.__mro__[1:] if base is not RetryableError]
        if others[0] is PulpoException:
            return
        for field in FIELDS:
            if field not in cls.__dict__:
                owner = next(base for base in others if field in base.__dict__)
                setattr(cls, field, owner.__dict__[field])


class ExternalServiceError(PulpoException, abstract=True):
    """Something that this program talks to over a network failed or refused."""

    code = "external_service_error"
    title = "External service failed"
    category = "external_service"
    http_status = 502
    exit_code = 69  # EX_UNAVAILABLE


class InternalError(PulpoException, abstract=True):
    """This program or its own storage failed; what happened is no business of a client."""

    code = "internal_error"
    title = "Internal error"
    category = "internal"
    exit_code = 70  # EX_SOFTWARE
    public = False


class UserInputError(PulpoException, abstract=True):
    """What a person gave is wrong; the same input will be wrong again."""

    code = "user_input_error"
    title = "Invalid input"
    category = "user_input"
    http_status = 400
    retryable = False
    exit_code = 64  # EX_USAGE
    log_level = _INFO


class OperationalError(PulpoException, abstract=True):
    """An operation could not be carried out in the present state of things."""

    code = "operational_error"
    title = "Operation failed"
    category = "operational"
    http_status = 409
    log_level = _WARNING


class ScrapingError(ExternalServiceError):
    """A page could not be fetched or did not contain what was expected."""

    code = "scraping_error"
    title = "Scraping failed"
    retryable = True


class TimeoutError(ExternalServiceError):  # noqa: A001 - the public design names it so
    """An answer did not come in time. Not a subclass of the built-in `TimeoutError`."""

    code = "timeout"
    title = "Timed out"
    http_status = 504
    retryable = True
    exit_code = 75  # EX_TEMPFAIL
    log_level = _WARNING


class RateLimitError(ExternalServiceError):
    """Too many requests in a span of time; `retry_after` says when to come back."""

    code = "rate_limit_exceeded"
    title = "Too many requests"
    http_status = 429
    retryable = True
    exit_code = 75  # EX_TEMPFAIL
    log_level = _WARNING


class AuthenticationError(ExternalServiceError):
    """Who is asking is unknown or could not be proven."""

    code = "authentication_failed"
    title = "Authentication failed"
    http_status = 401
    retryable = False
    exit_code = 77  # EX_NOPERM
    log_level = _WARNING


class DatabaseError(InternalError):
    """The database refused or failed."""

    code = "database_error"
    title = "Database error"


class DatabaseConnectionError(DatabaseError, RetryableError):
    """The database cannot be reached at the moment."""

    code = "database_unavailable"
    title = "Database unavailable"
    http_status = 503
    retryable = True
    exit_code = 69  # EX_UNAVAILABLE


class ProcessingError(InternalError):
    """Data could not be processed."""

    code = "processing_error"
    title = "Processing failed"


class ValidationError(UserInputError):
    """A value does not fulfil its rules; details `field` and `reason` say which and why."""

    code = "validation_error"
    title = "Validation failed"
    http_status = 422
    exit_code = 65  # EX_DATAERR


class ConfigurationError(UserInputError):
    """A setting is missing or wrong. On HTTP that is the server's fault, not the client's."""

    code = "configuration_error"
    title = "Configuration error"
    http_status = 500
    exit_code = 78  # EX_CONFIG
    log_level = _ERROR
    public = False


class ApplicationError(OperationalError):
    """A rule of the application forbids the operation as things stand, or submitting it failed."""

    code = "application_error"
    title = "Application error"
