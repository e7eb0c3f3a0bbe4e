"""Questions about any exception: is another try worth it, when, and whose fault was it."""

from __future__ import annotations

from pulpo_utils.exceptions.base import PulpoException
from pulpo_utils.exceptions.foreign import foreign_traits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

__all__ = ["get_error_category", "get_exit_code", "get_retry_after", "is_cancelled", "is_retryable"]

_RETRYABLE_STATUS: Final = frozenset({408, 425, 429, 502, 503, 504})
_EAI_AGAIN: Final = -3  # the resolver asks to be asked again; socket is slow to import
_CLIENT_ERRORS, _SERVER_ERRORS = 400, 500


def is_retryable(error: BaseException) -> bool:
    """Whether the same call may succeed if it is made again.

    A class with a contract decides if it declares `retryable`; otherwise its cause does. Without a
    contract, connection errors and timeouts are retryable (built in, and known by name: PyMongo
    with its error labels, httpx, requests, aiohttp), HTTP errors by their status, and everything
    else by its `__cause__`. A group is retryable if all its members are: one that is not would
    fail again. `CancelledError`, `KeyboardInterrupt`, `SystemExit` never are.

    >>> is_retryable(RateLimitError("slow down")), is_retryable(ValidationError("no"))
    (True, False)
    """
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        verdict = _verdict(link)
        if verdict is not None:
            return verdict
        link = link.__cause__
    return False


def get_error_category(error: BaseException) -> str:
    """Return the category of any exception.

    It is `external_service`, `internal`, `user_input`, `operational`, or `general` where nothing
    is known. For a group, the category that all its members share.

    >>> get_error_category(ScrapingError("gone")), get_error_category(KeyError("x"))
    ('external_service', 'general')
    """
    if isinstance(error, PulpoException):
        return error.category
    if isinstance(error, BaseExceptionGroup):
        categories = {get_error_category(member) for member in error.exceptions}
        return categories.pop() if len(categories) == 1 else "general"
    traits = foreign_traits(type(error))
    if traits is not None:
        return traits.category
    status = _http_status(error)
    # An error with a `response` is an HTTP client's: it tells of the other side's answer.
    if isinstance(error, (ConnectionError, TimeoutError)) or (
        status and hasattr(error, "response")
    ):
        return "external_service"
    if status is None:
        return "general"
    return "user_input" if _CLIENT_ERRORS <= status < _SERVER_ERRORS else "internal"


def get_exit_code(error: BaseException) -> int:
    """Return the exit code with which a command line ends that fails with `error`.

    That of the class' contract (they follow sysexits.h), 1 for an error without one.

    >>> get_exit_code(ConfigurationError("no database")), get_exit_code(KeyError("x"))
    (78, 1)
    """
    return error.exit_code if isinstance(error, PulpoException) else 1


def get_retry_after(error: BaseException) -> float | None:
    """Seconds to wait before another try, if the error says so.

    Looks at the attribute `retry_after`, at `details["retry_after"]`, and at the `Retry-After`
    header of an HTTP client's response (RFC 9110: seconds or a date), along the causes.
    """
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        seconds = _own_retry_after(link)
        if seconds is not None:
            return seconds
        link = link.__cause__
    return None


def _verdict(error: BaseException) -> bool | None:
    """Return what this one exception says, its cause left aside; None if it does not say."""
    if isinstance(error, BaseExceptionGroup):
        return all(is_retryable(member) for member in error.exceptions)
    if not isinstance(error, Exception) or is_cancelled(error):
        return False
    if isinstance(error, PulpoException):
        return _declared(error)
    traits = foreign_traits(type(error))
    if traits is None:
        return _sign(error)
    return traits.retryable


def _sign(error: Exception) -> bool | None:
    """Return what an exception of an unknown class tells by its base class, label or status."""
    if _has_retryable_label(error) or _is_transient_os_error(error):
        return True
    status = _http_status(error)
    return status in _RETRYABLE_STATUS if status is not None else None


def _declared(error: PulpoException) -> bool | None:
    """Return the nearest declaration below `PulpoException`, whose own default declares nothing."""
    if "retryable" in error.__dict__:
        return bool(error.retryable)
    for cls in type(error).__mro__:
        if cls is PulpoException:
            return None
        if "retryable" in cls.__dict__:
            return bool(cls.__dict__["retryable"])
    return None


def is_cancelled(error: Exception) -> bool:
    """`concurrent.futures.CancelledError`: an `Exception`, unlike asyncio's."""
    return any(
        cls.__name__ == "CancelledError" and cls.__module__.startswith("concurrent.futures")
        for cls in type(error).__mro__
    )


def _has_retryable_label(error: Exception) -> bool:
    """Whether the MongoDB server or driver marked the error as worth another try."""
    has_label = getattr(error, "has_error_label", None)
    if not callable(has_label):
        return False
    labels = ("RetryableWriteError", "RetryableReadError", "TransientTransactionError")
    return any(has_label(label) for label in labels)


def _is_transient_os_error(error: Exception) -> bool:
    if isinstance(error, (ConnectionError, TimeoutError)):
        return True
    if not isinstance(error, OSError):
        return False
    import errno

    if type(error).__name__ == "gaierror":
        return error.errno == _EAI_AGAIN
    return error.errno in {
        errno.EAGAIN,
        errno.EINTR,
        errno.EHOSTUNREACH,
        errno.ENETUNREACH,
        errno.ENETDOWN,
        errno.ENETRESET,
    }


def _http_status(error: BaseException) -> int | None:
    """Return the HTTP status of a server's `HTTPException` or of an HTTP client's status error."""
    for owner in (error, getattr(error, "response", None)):
        status = getattr(owner, "status_code", None)
        if isinstance(status, int):
            return status
    return None


def _own_retry_after(error: BaseException) -> float | None:
    candidates = [getattr(error, "retry_after", None)]
    details = getattr(error, "details", None)
    if isinstance(details, dict):
        candidates.append(details.get("retry_after"))
    for owner in (error, getattr(error, "response", None)):
        headers = getattr(owner, "headers", None)
        if headers is not None and hasattr(headers, "get"):
            candidates += [headers.get("Retry-After"), headers.get("retry-after")]
    return next((seconds for seconds in map(_seconds, candidates) if seconds is not None), None)


def _seconds(value: object) -> float | None:
    """Return a number of seconds, or a date (RFC 9110, 10.2.3), as seconds from now."""
    if isinstance(value, bool) or value is None:
        return None
    if hasattr(value, "total_seconds"):
        value = value.total_seconds()
    try:
        seconds = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return _seconds_until(value) if isinstance(value, str) else None
    return seconds if 0 <= seconds < float("inf") else None


def _seconds_until(date: str) -> float | None:
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
