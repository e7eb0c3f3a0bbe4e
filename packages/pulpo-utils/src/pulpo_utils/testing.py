"""What tests of an application that answers with problem details need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["problem_of"]

_REQUIRED = ("type", "title", "status", "detail", "instance", "code", "request_id")


class _Response(Protocol):
    """What httpx, requests and Starlette's test client answer with."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def text(self) -> str: ...
    def json(self) -> Any: ...


def problem_of(response: _Response, status: int) -> dict[str, Any]:
    """Return the problem document of `response`; `AssertionError` if it is none with `status`."""
    if response.status_code != status:
        raise AssertionError(f"{response.status_code} instead of {status}: {response.text}")
    kind = response.headers.get("content-type")
    if kind != "application/problem+json":
        raise AssertionError(f"content type {kind!r} instead of a problem: {response.text}")
    document: dict[str, Any] = response.json()
    missing = [name for name in _REQUIRED if name not in document]
    if missing or document["status"] != status:
        raise AssertionError(f"not a whole problem document ({missing=}): {document}")
    if document["request_id"] != response.headers.get("x-request-id"):
        raise AssertionError(f"the X-Request-ID header is not that of the document: {document}")
    return document
