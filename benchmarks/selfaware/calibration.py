"""Middlewares that do next to nothing: what any middleware has to cost on this machine."""

from __future__ import annotations

from time import perf_counter
from typing import Any


class MinimalMiddleware:
    """Counts and times every request, and nothing else: no route, no status, no id, no event."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.count = 0
        self.seconds = 0.0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = perf_counter()
        try:
            await self.app(scope, receive, send)
        finally:
            self.count += 1
            self.seconds += perf_counter() - started


class ConstantHeadersMiddleware:
    """Puts two headers of the usual length on every response, the same ones on each."""

    HEADERS = (
        (b"x-request-id", b"0af7651916cd43dd8448eb211c80319c"),
        (b"traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    )

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self.HEADERS]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)
