"""Who is asking: request ids and W3C trace context, read from and written to headers."""

from __future__ import annotations

import os
import re
from binascii import hexlify
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

_TRACE_HEADER = b"traceparent"
_TRACEPARENT = re.compile(
    rb"(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(-.*)?"
)
# A request id goes into logs and back to the client: printable, without separators, not long.
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._~:/+=-]{1,128}")

# Of its own, so that an application that seeds `random` gets no repeated ids. Ids must be unique,
# not secret: asking the system for each would take twice the time.
_random = Random()  # noqa: S311
if hasattr(os, "register_at_fork"):  # absent on Windows, which does not fork
    os.register_at_fork(after_in_child=_random.seed)  # ids must not repeat in a forked process


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
    wanted = {id_header, _TRACE_HEADER}
    for name, value in headers:
        if name in wanted:  # faster than to compare with both
            if name == _TRACE_HEADER:
                caller = _TRACEPARENT.fullmatch(value)
            else:
                request_id = value if _REQUEST_ID.fullmatch(value) else None
    # Version 00 has exactly four fields; later versions may append more.
    if caller is None or (caller[4] and caller[0].startswith(b"00")):
        # Trace and span at once, as 32 and 16 hex digits.
        new = hexlify(_random.getrandbits(192).to_bytes(24, "big"), b"-", -16)
        return b"00-" + new + b"-01", None, request_id
    trace_id, parent_id, flags = caller[1], caller[2], caller[3]
    return b"00-%b-%b-%b" % (trace_id, new_span_id().encode(), flags), parent_id, request_id


current_request: ContextVar[RequestIds | None] = ContextVar("pulpo_selfaware_request", default=None)


def current_request_id() -> str | None:
    """Return the id of the request that this code runs for, None outside one."""
    context = current_request.get()
    return context.request_id if context else None


def current_traceparent() -> str | None:
    """Return the `traceparent` header for calls made on behalf of the current request."""
    context = current_request.get()
    return context.traceparent if context else None
