"""Exceptions of other libraries, recognised by name along the MRO so that none need be imported."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

__all__ = ["Traits", "foreign_traits"]


class Traits:
    """What is known about a foreign exception: the same facts as a contract of our own."""

    __slots__ = ("category", "code", "http_status", "retryable", "title")

    def __init__(
        self, category: str, http_status: int, code: str, title: str, *, retryable: bool | None
    ) -> None:
        self.category = category
        self.http_status = http_status
        self.code = code
        self.title = title
        self.retryable = retryable


_DATABASE_DOWN: Final = Traits(
    "internal", 503, "database_unavailable", "Database unavailable", retryable=True
)
_DUPLICATE: Final = Traits("user_input", 409, "duplicate_key", "Already exists", retryable=False)
_DATABASE_SLOW: Final = Traits("internal", 504, "timeout", "Timed out", retryable=True)
_REVISION: Final = Traits(
    "operational", 409, "revision_conflict", "Changed in the meantime", retryable=False
)
_UNREACHABLE: Final = Traits(
    "external_service", 502, "external_service_error", "External service failed", retryable=True
)
_TOO_SLOW: Final = Traits("external_service", 504, "timeout", "Timed out", retryable=True)
_BAD_REQUEST: Final = Traits(
    "user_input", 422, "validation_error", "Validation failed", retryable=False
)
_MISUSE: Final = Traits("internal", 500, "internal_error", "Internal error", retryable=False)

# (top-level package, class name); the first class of the MRO that is listed decides.
_KNOWN: Final = {
    ("pymongo", "DuplicateKeyError"): _DUPLICATE,
    ("pymongo", "ConnectionFailure"): _DATABASE_DOWN,
    ("pymongo", "ServerSelectionTimeoutError"): _DATABASE_DOWN,
    ("pymongo", "AutoReconnect"): _DATABASE_DOWN,
    ("pymongo", "NetworkTimeout"): _DATABASE_DOWN,
    ("pymongo", "NotPrimaryError"): _DATABASE_DOWN,
    ("pymongo", "WaitQueueTimeoutError"): _DATABASE_DOWN,
    ("pymongo", "ExecutionTimeout"): _DATABASE_SLOW,
    ("beanie", "RevisionIdWasChanged"): _REVISION,
    ("fastapi", "RequestValidationError"): _BAD_REQUEST,
    ("httpx", "UnsupportedProtocol"): _MISUSE,
    ("httpx", "LocalProtocolError"): _MISUSE,
    ("httpx", "TimeoutException"): _TOO_SLOW,
    ("httpx", "TransportError"): _UNREACHABLE,
    ("requests", "Timeout"): _TOO_SLOW,
    ("requests", "ConnectionError"): _UNREACHABLE,
    ("aiohttp", "ServerTimeoutError"): _TOO_SLOW,
    ("aiohttp", "ClientConnectionError"): _UNREACHABLE,
}


def foreign_traits(cls: type[BaseException]) -> Traits | None:
    """Return what is known about exceptions of class `cls`, or None."""
    for base in cls.__mro__:
        traits = _KNOWN.get((base.__module__.partition(".")[0], base.__name__))
        if traits is not None:
            return traits
    return None
