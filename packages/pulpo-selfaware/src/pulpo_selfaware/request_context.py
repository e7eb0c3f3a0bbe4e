"""Who is asking: request ids and W3C trace context, read from and written to headers."""

from __future__ import annotations

import os
import re
from contextvars import ContextVar
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


class RequestContext:
    """The ids of one request, each made out of `traceparent` when it is asked for.

    `traceparent` is the header (W3C Trace Context) to send on to other services: the caller's
    trace, or a new one, and a span of this request's own. `parent_id` is the caller's span.
    """

    __slots__ = ("_given_id", "parent_id", "traceparent")

    def __init__(self, traceparent: str, parent_id: str | None, given_id: str | None) -> None:
        self.traceparent = traceparent
        self.parent_id = parent_id
        self._given_id = given_id

    @property
    def request_id(self) -> str:
        """The client's id of the request, if it sent a sane one, else the trace id."""
        return self._given_id or self.traceparent[3:35]

    @property
    def trace_id(self) -> str:
        """32 hex digits."""
        return self.traceparent[3:35]

    @property
    def span_id(self) -> str:
        """16 hex digits."""
        return self.traceparent[36:52]


def new_trace_id() -> str:
    """Return 32 random hex digits."""
    return _random.randbytes(16).hex()


def new_span_id() -> str:
    """Return 16 random hex digits."""
    return _random.randbytes(8).hex()


def read_context(headers: Iterable[tuple[bytes, bytes]], id_header: bytes) -> RequestContext:
    """Take the ids from request headers; what is absent or malformed is made anew."""
    request_id = caller = None
    for name, value in headers:
        if name == id_header:
            request_id = value
        elif name == b"traceparent":
            caller = value
    ids = _random.randbytes(24).hex()
    traceparent, parent_id = f"00-{ids[:32]}-{ids[32:]}-01", None
    if caller is not None:
        match = _TRACEPARENT.fullmatch(caller)
        # Version 00 has exactly four fields; later versions may append more.
        if match and not (caller.startswith(b"00") and match[4]):
            trace_id, parent_id, flags = (part.decode() for part in match.groups()[:3])
            traceparent = f"00-{trace_id}-{ids[32:]}-{flags}"
    known = request_id is not None and _REQUEST_ID.fullmatch(request_id)
    return RequestContext(traceparent, parent_id, known[0].decode() if known else None)


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
