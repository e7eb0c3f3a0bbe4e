"""Exceptions with one contract each, and what to do with exceptions of any kind.

Importing this module needs the standard library only and little of that: the hierarchy is there at
once, the functions around it are loaded when they are first asked for.
"""

from __future__ import annotations

from pulpo_utils.exceptions.base import PulpoException
from pulpo_utils.exceptions.hierarchy import (
    ApplicationError,
    AuthenticationError,
    ConfigurationError,
    DatabaseConnectionError,
    DatabaseError,
    ExternalServiceError,
    InternalError,
    OperationalError,
    ProcessingError,
    RateLimitError,
    RetryableError,
    ScrapingError,
    TimeoutError,  # noqa: A004 - the public design names it so
    UserInputError,
    ValidationError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pulpo_utils.exceptions.classification import (
        get_error_category,
        get_exit_code,
        get_retry_after,
        is_retryable,
    )
    from pulpo_utils.exceptions.conversion import handle_errors
    from pulpo_utils.exceptions.factory import ExceptionFactory
    from pulpo_utils.exceptions.serialization import (
        ForeignError,
        error_from_dict,
        error_to_dict,
    )
    from pulpo_utils.retry import RetryState, retry_on_error

__all__ = [
    "ApplicationError",
    "AuthenticationError",
    "ConfigurationError",
    "DatabaseConnectionError",
    "DatabaseError",
    "ExceptionFactory",
    "ExternalServiceError",
    "ForeignError",
    "InternalError",
    "OperationalError",
    "ProcessingError",
    "PulpoException",
    "RateLimitError",
    "RetryState",
    "RetryableError",
    "ScrapingError",
    "TimeoutError",
    "UserInputError",
    "ValidationError",
    "error_from_dict",
    "error_to_dict",
    "get_error_category",
    "get_exit_code",
    "get_retry_after",
    "handle_errors",
    "is_retryable",
    "retry_on_error",
]

_LOADED_WHEN_ASKED_FOR = {
    "ExceptionFactory": "pulpo_utils.exceptions.factory",
    "ForeignError": "pulpo_utils.exceptions.serialization",
    "RetryState": "pulpo_utils.retry",
    "error_from_dict": "pulpo_utils.exceptions.serialization",
    "error_to_dict": "pulpo_utils.exceptions.serialization",
    "get_error_category": "pulpo_utils.exceptions.classification",
    "get_exit_code": "pulpo_utils.exceptions.classification",
    "get_retry_after": "pulpo_utils.exceptions.classification",
    "handle_errors": "pulpo_utils.exceptions.conversion",
    "is_retryable": "pulpo_utils.exceptions.classification",
    "retry_on_error": "pulpo_utils.retry",
}

# Tracebacks, pickles and JSON name the public path, which stays when files move.
for _name in __all__:
    if _name not in _LOADED_WHEN_ASKED_FOR:
        globals()[_name].__module__ = __name__
del _name


def __getattr__(name: str) -> Any:
    if name not in _LOADED_WHEN_ASKED_FOR:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module

    value = getattr(import_module(_LOADED_WHEN_ASKED_FOR[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
