"""The id under which a request is found again: in its response, its problem and its log lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import MutableMapping

__all__ = ["HEADER", "new_request_id", "request_id_of"]

HEADER = "X-Request-ID"
_MAX_LENGTH = 128
_STATE = "pulpo_utils.request_id"


def new_request_id() -> str:
    """Return a fresh id: 32 hexadecimal digits."""
    from uuid import uuid4

    return uuid4().hex


def request_id_of(scope: MutableMapping[str, Any]) -> str:
    """Return the id of the request with this ASGI scope, the same at every call.

    It is the client's `X-Request-ID` if that is harmless in logs and headers (up to 128 letters,
    digits, `.`, `_`, `-`), else one bound with `bind_context(request_id=...)`, else a fresh one.
    """
    known = scope.get(_STATE)
    if isinstance(known, str):
        return known
    request_id = _from_headers(scope.get("headers", ())) or _bound() or new_request_id()
    scope[_STATE] = request_id
    return request_id


def _from_headers(headers: Any) -> str | None:
    wanted = HEADER.lower().encode()
    for name, value in headers:
        if name.lower() == wanted:
            return _harmless(value.decode("latin-1"))
    return None


def _bound() -> str | None:
    from pulpo_utils.log_context import get_context

    value = get_context().get("request_id")
    return _harmless(value) if isinstance(value, str) else None


def _harmless(text: str) -> str | None:
    if not 1 <= len(text) <= _MAX_LENGTH or not text.isascii():
        return None
    return text if all(char.isalnum() or char in "._-" for char in text) else None
