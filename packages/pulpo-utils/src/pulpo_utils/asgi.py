"""ASGI middleware that gives every log line of a request its request and trace ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulpo_utils.log_context import LogContext
from pulpo_utils.request_ids import HEADER, request_id_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

__all__ = ["RequestContextMiddleware"]

_TRACE_ID_LENGTH = 32


class RequestContextMiddleware:
    """Binds `request_id` and, from a W3C `traceparent` header, `trace_id` while a request runs.

    The response gets the id as `X-Request-ID`. Problem details show the same id. Add it with
    `app.add_middleware(RequestContextMiddleware)`; it works in any ASGI application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(scope)
        facts = {"request_id": request_id}
        trace_id = _trace_id(scope)
        if trace_id is not None:
            facts["trace_id"] = trace_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                name = HEADER.lower().encode()
                headers = list(message.get("headers", []))
                if all(key.lower() != name for key, _ in headers):
                    headers.append((name, request_id.encode()))
                message = {**message, "headers": headers}
            await send(message)

        with LogContext(**facts):
            await self._app(scope, receive, send_with_id)


def _trace_id(scope: Scope) -> str | None:
    """Return the trace id of a well-formed `traceparent` (W3C Trace Context, 3.2)."""
    for name, value in scope.get("headers", ()):
        if name.lower() != b"traceparent":
            continue
        parts = value.decode("latin-1").split("-")
        if len(parts) < 4 or len(parts[1]) != _TRACE_ID_LENGTH:  # noqa: PLR2004
            return None
        is_hex = all(char in "0123456789abcdef" for char in parts[1])
        return parts[1] if is_hex and set(parts[1]) != {"0"} else None
    return None
