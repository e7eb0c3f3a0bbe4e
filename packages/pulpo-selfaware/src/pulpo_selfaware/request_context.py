"""Who is asking: request ids and W3C trace context, read from and written to headers."""

from __future__ import annotations

import os
import re
from binascii import hexlify
from contextvars import ContextVar
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

_TRACE_HEADER = b"traceparent"
_TRACEPARENT = re.compile(
    rb"(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(-.*)?"
)
# A request id goes into logs and back to the client: printable, without separators, not long.
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._~:/+=-]{1,128}")

# Fresh ids are made in batches: made one by one, the code that makes them would be fetched into the
# processor's caches anew for every request, which takes longer than to run it.
_BATCH = 64
_prepared: list[bytes] = []
if hasattr(os, "register_at_fork"):  # absent on Windows, which does not fork
    os.register_at_fork(after_in_child=_prepared.clear)  # ids must not repeat in a forked process


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
    return os.urandom(16).hex()


def new_span_id() -> str:
    """Return 16 random hex digits."""
    return os.urandom(8).hex()


def read_ids(
    headers: Iterable[tuple[bytes, bytes]], id_header: bytes
) -> tuple[bytes, bytes | None, bytes | None]:
    """Return the request's own traceparent, the caller's span and the client's request id.

    The trace is the caller's, or a new one; an id of the request that is absent or odd is None.
    """
    request_id = caller = None
    for name, value in headers:
        if name == id_header:
            request_id = value if _REQUEST_ID.fullmatch(value) else None
        elif name == _TRACE_HEADER:
            caller = _TRACEPARENT.fullmatch(value)
    try:
        fresh = _prepared.pop()
    except IndexError:
        fresh = _prepare()
    # Version 00 has exactly four fields; later versions may append more.
    if caller is None or (caller[4] and caller[0].startswith(b"00")):
        return fresh, None, request_id
    trace_id, parent_id, flags = caller[1], caller[2], caller[3]
    return b"00-%b-%b-%b" % (trace_id, fresh[36:52], flags), parent_id, request_id


def _prepare() -> bytes:
    """Prepare traceparents of new traces and return one more."""
    digits = hexlify(os.urandom(24 * _BATCH))
    first, *rest = (
        b"00-%b-%b-01" % (digits[at : at + 32], digits[at + 32 : at + 48])
        for at in range(0, len(digits), 48)
    )
    _prepared.extend(rest)
    return first


current_request: ContextVar[RequestIds | None] = ContextVar("pulpo_selfaware_request", default=None)


def current_request_id() -> str | None:
    """Return the id of the request that this code runs for, None outside one."""
    context = current_request.get()
    return context.request_id if context else None


def current_traceparent() -> str | None:
    """Return the `traceparent` header for calls made on behalf of the current request."""
    context = current_request.get()
    return context.traceparent if context else None
