"""One request and its response, as they pass through the middleware."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from time import perf_counter
from typing import TYPE_CHECKING, Any

from pulpo_selfaware.request_context import read_ids
from pulpo_selfaware.routes import is_unobserved, route_label

if TYPE_CHECKING:
    from pulpo_selfaware.request_statistics import Shard

__all__ = ["Exchange", "known_method"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]

_METHODS = frozenset(
    ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY")
)
_LAST_MESSAGES = ("http.response.pathsend", "websocket.close", "websocket.http.response.body")
_UNPROCESSABLE = 422
_LARGEST_KEPT_BODY = 65_536


class Exchange:
    """What is known about a request so far. Its `send` stands in for the server's."""

    # Defaults of the class instead of assignments in __init__, which runs for every request.
    status = 0
    response_bytes = 0
    first_byte = 0.0
    finished = 0.0
    client_gone = False
    is_websocket = False
    headers: Iterable[tuple[bytes, bytes]] = ()
    error_body: bytearray | None = None

    _traceparent: str | None = None
    _given_id: bytes | None = None
    _parent_id: str | None = None

    def __init__(
        self,
        scope: Scope,
        send: Callable[[Message], Awaitable[None]],
        shard: Shard,
        id_header: bytes,
        *,
        adds_ids: bool,
    ) -> None:
        self.scope = scope
        self.shard = shard
        self.root_path: str = scope.get("root_path", "")
        self._send = send
        self._id_header = id_header
        self._adds_ids = adds_ids
        self.started = perf_counter()

    @property
    def traceparent(self) -> str:
        """The header (W3C Trace Context) of this request's own span."""
        return self._traceparent or self._read_ids()

    @property
    def request_id(self) -> str:
        """The client's id of the request, if it sent a sane one, else the trace id."""
        trace_id = self.traceparent[3:35]
        return self._given_id.decode() if self._given_id is not None else trace_id

    def trace_ids(self) -> dict[str, str | None]:
        """Return the ids of the trace, of this request's span and of the caller's."""
        own = self.traceparent
        return {"trace_id": own[3:35], "span_id": own[36:52], "parent_id": self._parent_id}

    def _read_ids(self) -> str:
        own, self._parent_id, self._given_id = read_ids(self.scope["headers"], self._id_header)
        self._traceparent = own
        return own

    async def send(self, message: Message) -> None:
        """Note what the message says and hand it on."""
        kind = message["type"]
        if kind == "http.response.body":
            body = message.get("body", b"")
            self.response_bytes += len(body)
            if self.error_body is not None and len(self.error_body) < _LARGEST_KEPT_BODY:
                self.error_body += body
            last = not message.get("more_body")
        elif kind == "http.response.start":
            last = False
            self.status = status = message["status"]
            self.first_byte = perf_counter()
            self.headers = message.get("headers", ())
            if status == _UNPROCESSABLE:
                self.error_body = bytearray()
            if self._adds_ids:
                message = self._with_ids(message)
        else:
            last = kind in _LAST_MESSAGES
            message = self._of_websocket(message)
        try:
            await self._send(message)
        except OSError:  # what servers raise when the client has gone (ASGI 2.4)
            self.client_gone = True
            raise
        if last:
            self.finished = perf_counter()

    def _of_websocket(self, message: Message) -> Message:
        kind = message["type"]
        if kind == "websocket.accept":
            self.status = 101
            self.first_byte = perf_counter()
            self.is_websocket = True
            return self._with_ids(message) if self._adds_ids else message
        if kind == "websocket.http.response.start":
            self.status = message["status"]
        elif kind == "websocket.close" and not self.status:
            self.status = 403  # what the server answers to a handshake that is refused
        return message

    def _with_ids(self, message: Message) -> Message:
        headers = list(message.get("headers", ()))
        own = (self._traceparent or self._read_ids()).encode()
        for name, _ in headers:
            if name == self._id_header:
                break
        else:
            headers.append((self._id_header, self._given_id or own[3:35]))
        headers.append((b"traceparent", own))
        # The application may send the same message object again; it is not ours to change.
        return {**message, "headers": headers}

    def is_stream(self) -> bool:
        """Say whether the response lasts on purpose, so that its end says nothing."""
        if self.is_websocket:
            return True
        return any(
            name == b"content-type" and value.startswith(b"text/event-stream")
            for name, value in self.headers
        )

    def route(self) -> tuple[str, str] | None:
        """Return method and route label as far as known, None for an unobserved endpoint."""
        if is_unobserved(self.scope):
            return None
        label = route_label(self.scope, self.root_path, self.status)
        return known_method(self.scope), label


def known_method(scope: Scope) -> str:
    """Return the method, "OTHER" for one that a client made up, "WEBSOCKET" for websockets."""
    method: str = scope.get("method", "WEBSOCKET")
    return method if method in _METHODS or method == "WEBSOCKET" else "OTHER"
