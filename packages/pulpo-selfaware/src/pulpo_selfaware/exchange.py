"""One request and its response, as they pass through the middleware."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from time import perf_counter
from typing import TYPE_CHECKING, Any

from pulpo_selfaware.request_context import read_ids
from pulpo_selfaware.routes import is_unobserved, route_label

if TYPE_CHECKING:
    from pulpo_selfaware.request_statistics import Shard

__all__ = ["Exchange", "known_method", "observed_send"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]

_METHODS = frozenset(
    ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY")
)
_LAST_MESSAGES = ("http.response.pathsend", "websocket.close", "websocket.http.response.body")
_SWITCHED, _UNPROCESSABLE = 101, 422
_LARGEST_KEPT_BODY = 65_536


class Exchange:
    """What is known about a request so far."""

    __slots__ = (
        "_id_header",
        "_ids",
        "client_gone",
        "error_body",
        "finished",
        "first_byte",
        "headers",
        "response_bytes",
        "root_path",
        "scope",
        "shard",
        "started",
        "status",
    )

    def __init__(self, scope: Scope, shard: Shard, id_header: bytes) -> None:
        self.scope = scope
        self.shard = shard
        self.root_path: str = scope.get("root_path", "")
        self.status = 0
        self.response_bytes = 0
        self.first_byte = 0.0
        self.finished = 0.0
        self.client_gone = False
        self.headers: Headers = ()
        self.error_body = b""
        self._id_header = id_header
        self._ids: tuple[bytes, bytes | None, bytes | None] | None = None
        self.started = perf_counter()

    @property
    def traceparent(self) -> str:
        """The header (W3C Trace Context) of this request's own span."""
        return (self._ids or self._read_ids())[0].decode()

    @property
    def request_id(self) -> str:
        """The client's id of the request, if it sent a sane one, else the trace id."""
        own, _, given = self._ids or self._read_ids()
        return (given or own[3:35]).decode()

    def trace_ids(self) -> dict[str, str | None]:
        """Return the ids of the trace, of this request's span and of the caller's."""
        own, parent, _ = self._ids or self._read_ids()
        return {
            "trace_id": own[3:35].decode(),
            "span_id": own[36:52].decode(),
            "parent_id": parent.decode() if parent else None,
        }

    def with_ids(self, headers: Headers) -> list[tuple[bytes, bytes]]:
        """Return a response's headers and those of the ids."""
        traceparent, _, given = self._ids or self._read_ids()
        id_header = self._id_header
        for name, _ in headers:
            if name == id_header:
                return [*headers, (b"traceparent", traceparent)]
        own = (id_header, given or traceparent[3:35])
        return [*headers, own, (b"traceparent", traceparent)]

    def _read_ids(self) -> tuple[bytes, bytes | None, bytes | None]:
        self._ids = ids = read_ids(self.scope["headers"], self._id_header)
        return ids

    def is_stream(self) -> bool:
        """Say whether the response lasts on purpose, so that its end says nothing."""
        if self.status == _SWITCHED:  # to a websocket
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


def observed_send(exchange: Exchange, send: Send, *, adds_ids: bool) -> Send:
    """Return what stands in for the server's `send`: it notes in `exchange` what messages say.

    `adds_ids` puts the ids of the request on its response.
    """

    async def observed(message: Message) -> None:
        kind = message["type"]
        last = False
        if kind == "http.response.start":
            exchange.status = message["status"]
            exchange.headers = headers = message.get("headers", ())
            if adds_ids:
                # A copy: the application may send its own again, and it is not ours to change.
                message = dict(message)
                message["headers"] = exchange.with_ids(headers)
            exchange.first_byte = perf_counter()
        elif kind == "http.response.body":
            body = message.get("body", b"")
            exchange.response_bytes += len(body)
            if exchange.status == _UNPROCESSABLE and len(exchange.error_body) < _LARGEST_KEPT_BODY:
                exchange.error_body += body
            last = not message.get("more_body")
        else:
            last = kind in _LAST_MESSAGES
            message = _observe_websocket(exchange, message, adds_ids=adds_ids)
        try:
            await send(message)
        except OSError:  # what servers raise when the client has gone (ASGI 2.4)
            exchange.client_gone = True
            raise
        if last:
            exchange.finished = perf_counter()

    return observed


def _observe_websocket(exchange: Exchange, message: Message, *, adds_ids: bool) -> Message:
    kind = message["type"]
    if kind == "websocket.accept":
        exchange.status = _SWITCHED
        exchange.first_byte = perf_counter()
        if adds_ids:
            return {**message, "headers": exchange.with_ids(message.get("headers", ()))}
    if kind == "websocket.http.response.start":
        exchange.status = message["status"]
    elif kind == "websocket.close" and not exchange.status:
        exchange.status = 403  # what the server answers to a handshake that is refused
    return message


def known_method(scope: Scope) -> str:
    """Return the method, "OTHER" for one that a client made up, "WEBSOCKET" for websockets."""
    method: str = scope.get("method", "WEBSOCKET")
    return method if method in _METHODS or method == "WEBSOCKET" else "OTHER"
