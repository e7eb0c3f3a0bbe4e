"""`is_retryable`, `get_error_category` and `get_retry_after` for any exception."""

from __future__ import annotations

import asyncio
import builtins
import concurrent.futures
import errno
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from pulpo_utils.exceptions import (
    ApplicationError,
    AuthenticationError,
    DatabaseError,
    ProcessingError,
    RateLimitError,
    RetryableError,
    ScrapingError,
    TimeoutError,  # noqa: A004
    ValidationError,
    get_error_category,
    get_retry_after,
    is_retryable,
)
from pulpo_utils.exceptions.foreign import foreign_traits


def foreign(package: str, *names: str, **attributes: Any) -> type[Exception]:
    """A class as another library would define it, the first name the most derived."""
    cls: type[Exception] = Exception
    for name in reversed(names):
        cls = type(name, (cls,), {"__module__": f"{package}.errors"})
    for key, value in attributes.items():
        setattr(cls, key, value)
    return cls


def from_cause(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


class LabelledError(Exception):
    def __init__(self, *labels: str) -> None:
        super().__init__("labelled")
        self.labels = labels

    def has_error_label(self, label: str) -> bool:
        return label in self.labels


def status_error(status: int, headers: dict[str, str] | None = None) -> httpx.HTTPStatusError:
    request = httpx.Request("GET", "http://example.com")
    response = httpx.Response(status, headers=headers, request=request)
    return httpx.HTTPStatusError("no", request=request, response=response)


@pytest.mark.parametrize(
    "error",
    [
        RetryableError("x"),
        RateLimitError("x"),
        TimeoutError("x"),
        ScrapingError("x"),
        ConnectionError(),
        ConnectionResetError(),
        BrokenPipeError(),
        builtins.TimeoutError(),
        OSError(errno.EHOSTUNREACH, "no route"),
        socket.gaierror(socket.EAI_AGAIN, "try again"),
        httpx.ConnectError("x"),
        httpx.ReadTimeout("x"),
        httpx.PoolTimeout("x"),
        httpx.RemoteProtocolError("x"),
        status_error(503),
        status_error(429),
        foreign("pymongo", "AutoReconnect", "ConnectionFailure", "PyMongoError")("x"),
        foreign("pymongo", "SomethingNew", "ServerSelectionTimeoutError")("x"),
        foreign("aiohttp", "ClientConnectorError", "ClientConnectionError")("x"),
        foreign("requests", "ReadTimeout", "Timeout")("x"),
        LabelledError("TransientTransactionError"),
        LabelledError("RetryableWriteError"),
        from_cause(ProcessingError("x"), ConnectionError()),
        from_cause(ValueError("x"), from_cause(DatabaseError("x"), httpx.ReadTimeout("x"))),
        ExceptionGroup("all", [ConnectionError(), RateLimitError("x")]),
        from_cause(ProcessingError("x"), ExceptionGroup("all", [ConnectionError()])),
    ],
    ids=repr,
)
def test_these_are_retryable(error: BaseException) -> None:
    assert is_retryable(error)


@pytest.mark.parametrize(
    "error",
    [
        ValidationError("x"),
        AuthenticationError("x"),
        DatabaseError("x"),
        ApplicationError("x"),
        ValueError("x"),
        OSError(errno.ENOENT, "no file"),
        FileNotFoundError(),
        PermissionError(),
        socket.gaierror(socket.EAI_NONAME, "unknown name"),
        asyncio.CancelledError(),
        concurrent.futures.CancelledError(),
        KeyboardInterrupt(),
        SystemExit(),
        GeneratorExit(),
        httpx.UnsupportedProtocol("x"),
        httpx.LocalProtocolError("x"),
        httpx.InvalidURL("x"),
        status_error(404),
        status_error(500),
        foreign("pymongo", "DuplicateKeyError", "WriteError")("x"),
        foreign("shop", "ConnectionFailure")("x"),
        LabelledError("UnknownLabel"),
        from_cause(ValidationError("x"), ConnectionError()),
        from_cause(AuthenticationError("x"), ConnectionError()),
        from_cause(asyncio.CancelledError(), ConnectionError()),
        from_cause(concurrent.futures.CancelledError(), ConnectionError()),
        ExceptionGroup("mixed", [ConnectionError(), ValueError("x")]),
        BaseExceptionGroup("stop", [ConnectionError(), KeyboardInterrupt()]),
    ],
    ids=repr,
)
def test_these_are_not_retryable(error: BaseException) -> None:
    assert not is_retryable(error)


def test_a_class_that_declares_retryable_decides_over_its_cause() -> None:
    class ChargedError(ProcessingError):
        """Money may have moved: the same call again is no good."""

        retryable = False

    assert not is_retryable(from_cause(ChargedError("x"), ConnectionError()))


def test_one_instance_can_decide() -> None:
    error = ScrapingError("x")
    error.retryable = False  # type: ignore[misc]
    assert not is_retryable(error)


def test_a_cycle_of_causes_ends() -> None:
    one, two = ProcessingError("one"), ProcessingError("two")
    one.__cause__, two.__cause__ = two, one
    assert not is_retryable(one)
    assert get_retry_after(one) is None


@pytest.mark.parametrize(
    ("error", "category"),
    [
        (ScrapingError("x"), "external_service"),
        (DatabaseError("x"), "internal"),
        (ValidationError("x"), "user_input"),
        (ApplicationError("x"), "operational"),
        (ConnectionError(), "external_service"),
        (builtins.TimeoutError(), "external_service"),
        (httpx.ConnectError("x"), "external_service"),
        (status_error(404), "external_service"),
        (foreign("pymongo", "AutoReconnect")("x"), "internal"),
        (foreign("pymongo", "DuplicateKeyError")("x"), "user_input"),
        (foreign("starlette", "HTTPException", status_code=404)("x"), "user_input"),
        (foreign("starlette", "HTTPException", status_code=500)("x"), "internal"),
        (foreign("fastapi", "RequestValidationError")("x"), "user_input"),
        (ValueError("x"), "general"),
        (ExceptionGroup("same", [ScrapingError("x"), ConnectionError()]), "external_service"),
        (ExceptionGroup("mixed", [ScrapingError("x"), ValueError("x")]), "general"),
    ],
    ids=repr,
)
def test_categories(error: BaseException, category: str) -> None:
    assert get_error_category(error) == category


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (RateLimitError("x", retry_after=1.5), 1.5),
        (RateLimitError("x", {"retry_after": 3}), 3),
        (RateLimitError("x", {"retry_after": timedelta(minutes=1)}), 60),
        (RateLimitError("x"), None),
        (RateLimitError("x", retry_after=-1), None),
        (RateLimitError("x", retry_after=float("inf")), None),
        (RateLimitError("x", {"retry_after": True}), None),
        (RateLimitError("x", {"retry_after": "soon"}), None),
        (status_error(429, {"Retry-After": "7"}), 7),
        (status_error(429, {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}), 0),
        (status_error(429), None),
        (from_cause(ScrapingError("x"), status_error(429, {"Retry-After": "7"})), 7),
        (ValueError("x"), None),
    ],
    ids=repr,
)
def test_retry_after(error: BaseException, seconds: float | None) -> None:
    assert get_retry_after(error) == seconds


def test_retry_after_as_a_date_counts_from_now() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    seconds = get_retry_after(status_error(503, {"Retry-After": date}))
    assert seconds is not None
    assert 90 < seconds <= 100


def test_classes_are_known_by_package_and_name() -> None:
    assert foreign_traits(foreign("pymongo", "AutoReconnect")) is not None
    assert foreign_traits(foreign("my_pymongo", "AutoReconnect")) is None
    assert foreign_traits(ValueError) is None


def test_real_pymongo_errors_where_it_is_installed() -> None:
    errors = pytest.importorskip("pymongo.errors")
    assert is_retryable(errors.AutoReconnect("x"))
    assert is_retryable(errors.ServerSelectionTimeoutError("x"))
    assert is_retryable(errors.NotPrimaryError("x"))
    assert not is_retryable(errors.DuplicateKeyError("x", 11000))
    assert not is_retryable(errors.ConfigurationError("x"))
    labels = {"errorLabels": ["TransientTransactionError"]}
    assert is_retryable(errors.OperationFailure("x", 112, labels))
