"""Who is asking: request ids and W3C trace context, read from and written to headers."""

from __future__ import annotations

import os
import re
from contextvars import ContextVar
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["RequestContext", "current_request", "current_request_id", "current_traceparent"]

_TRACEPARENT = re.compile(
    rb"(?!ff)[0-9a-f]{2}-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(-.*)?"
)
# A request id goes into logs and back to the client: printable, without separators, not long.
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._~:/+=-]{1,128}")

# Ids must not repeat when a program seeds `random` or forks; they are no secrets.
_random = Random(os.urandom(32))  # noqa: S311
if hasattr(os, "register_at_fork"):  # absent on Windows, which does not fork
    os.register_at_fork(after_in_child=lambda: _random.seed(os.urandom(32)))


@dataclass(slots=True)
class RequestContext:
    """The ids of one request.

    `request_id` is the client's, if it sent a sane one. `trace_id` (32 hex digits) and `parent_id`
    (16, None at the start of a trace) are of W3C Trace Context; `span_id` is this request's own.
    """

    request_id: str
    trace_id: str
    span_id: str
    parent_id: str | None
    flags: str

    @property
    def traceparent(self) -> str:
        """The header to send on to other services."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"

    @property
    def sampled(self) -> bool:
        """Whether the caller asks for this trace to be recorded."""
        return bool(int(self.flags, 16) & 1)


def new_trace_id() -> str:
    """Return 32 random hex digits."""
    return f"{_random.getrandbits(128) | 1:032x}"


def new_span_id() -> str:
    """Return 16 random hex digits."""
    return f"{_random.getrandbits(64) | 1:016x}"


def read_context(headers: Iterable[tuple[bytes, bytes]], id_header: bytes) -> RequestContext:
    """Take the ids from request headers; what is absent or malformed is made anew."""
    request_id = traceparent = None
    for name, value in headers:
        if name == id_header:
            request_id = value
        elif name == b"traceparent":
            traceparent = value
    ids = f"{_random.getrandbits(192) | 1:048x}"  # never zero, which is no id
    trace_id, span_id, parent_id, flags = ids[:32], ids[32:], None, "01"
    if traceparent is not None:
        match = _TRACEPARENT.fullmatch(traceparent)
        # Version 00 has exactly four fields; later versions may append more.
        if match and not (traceparent.startswith(b"00") and match[4]):
            trace_id, parent_id, flags = (part.decode() for part in match.groups()[:3])
    chosen = trace_id
    if request_id is not None and _REQUEST_ID.fullmatch(request_id):
        chosen = request_id.decode()
    return RequestContext(chosen, trace_id, span_id, parent_id, flags)


current_request: ContextVar[RequestContext | None] = ContextVar(
    "pulpo_selfaware_request", default=None
)


def current_request_id() -> str | None:
    """Return the id of the request that this code runs for, None outside one."""
    context = current_request.get()
    return context.request_id if context else None


def current_traceparent() -> str | None:
    """Return the `traceparent` header for calls made on behalf of the current request."""
    context = current_request.get()
    return context.traceparent if context else None
