"""Who is asking: request ids and W3C trace context, read from and written to headers."""

from __future__ import annotations

import os
import re
from contextvars import ContextVar
from random import Random
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "RequestIds",
    "current_request",
    "current_request_id",
    "current_traceparent",
    "new_span_id",
    "new_trace_id",
    "read_ids",
]

_TRACEPARENT = re.compile(
    rb"(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(-.*)?"
)
# A request id goes into logs and back to the client: printable, without separators, not long.
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._~:/+=-]{1,128}")

# Ids must not repeat when a program seeds `random` or forks; they are no secrets.
_random = Random(os.urandom(32))  # noqa: S311
if hasattr(os, "register_at_fork"):  # absent on Windows, which does not fork
    os.register_at_fork(after_in_child=lambda: _random.seed(os.urandom(32)))


class RequestIds(Protocol):
    """The ids of a request that is being answered."""

    @property
    def request_id(self) -> str:
        """The client's id of the request, if it sent a sane one, else the trace id."""
        ...

    @property
    def traceparent(self) -> str:
        """The header (W3C Trace Context) to send on to other services."""
        ...


def new_trace_id() -> str:
    """Return 32 random hex digits."""
    return _random.randbytes(16).hex()


def new_span_id() -> str:
    """Return 16 random hex digits."""
    return _random.randbytes(8).hex()


def read_ids(
    headers: Iterable[tuple[bytes, bytes]], id_header: bytes
) -> tuple[str, str | None, bytes | None]:
    """Return the request's own traceparent, the caller's span and the client's request id.

    The trace is the caller's, or a new one; an id of the request that is absent or odd is None.
    """
    request_id = caller = None
    for name, value in headers:
        if name == id_header:
            request_id = value if _REQUEST_ID.fullmatch(value) else None
        elif name == b"traceparent":
            caller = _TRACEPARENT.fullmatch(value)
    ids = _random.randbytes(24).hex()
    # Version 00 has exactly four fields; later versions may append more.
    if caller is None or (caller[4] and caller[0].startswith(b"00")):
        return f"00-{ids[:32]}-{ids[32:]}-01", None, request_id
    trace_id, parent_id, flags = caller[1].decode(), caller[2].decode(), caller[3].decode()
    return f"00-{trace_id}-{ids[32:]}-{flags}", parent_id, request_id


current_request: ContextVar[RequestIds | None] = ContextVar("pulpo_selfaware_request", default=None)


def current_request_id() -> str | None:
    """Return the id of the request that this code runs for, None outside one."""
    context = current_request.get()
    return context.request_id if context else None


def current_traceparent() -> str | None:
    """Return the `traceparent` header for calls made on behalf of the current request."""
    context = current_request.get()
    return context.traceparent if context else None
