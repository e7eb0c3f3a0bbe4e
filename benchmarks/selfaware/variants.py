"""The same application, observed in different ways. Each variant is made in a process of its own,
since some of the libraries patch the frameworks for good."""

# ruff: noqa: PLC0415 - imports belong to the process that is measured

from __future__ import annotations

import time
from typing import Any

from calibration import ConstantHeadersMiddleware, MinimalMiddleware
from fastapi import FastAPI
from pydantic import BaseModel

#: The least that an endpoint can do, and what endpoints do: a page of records, checked and written.
PATHS = {"least": "/items/7", "page": "/items?size=20"}


class Item(BaseModel):
    id: int
    name: str
    price: float
    tags: list[str]


def _app() -> FastAPI:
    # FastAPI's own telemetry is off, so that each variant pays for one observer.
    app = FastAPI(telemetry={"tracing": False, "metrics": False, "logs": False})

    @app.get("/items/{item}")
    async def show(item: int) -> dict[str, int]:
        return {"item": item}

    @app.get("/items")
    async def page(size: int = 50) -> list[Item]:
        return [
            Item(id=number, name=f"item {number}", price=number / 4, tags=["new", "red"])
            for number in range(size)
        ]

    return app


def none() -> Any:
    return _app()


def minimal_middleware() -> Any:
    """The least that any middleware could do: count and time."""
    return MinimalMiddleware(_app())


def constant_headers() -> Any:
    """The least that any middleware that puts two headers on a response could do."""
    return ConstantHeadersMiddleware(_app())


def selfaware() -> Any:
    from pulpo_selfaware import add_selfawareness_middleware

    app = _app()
    add_selfawareness_middleware(app, slow_request_ms=1000)
    return app


def selfaware_every_request() -> Any:
    """As `selfaware`, and an event of every request, not only of those that need one."""
    from pulpo_selfaware import add_selfawareness_middleware

    app = _app()
    add_selfawareness_middleware(app, slow_request_ms=1000, record_success=True)
    return app


def selfaware_without_ids() -> Any:
    """As `selfaware`, without the two headers that the server has to send with each response."""
    from pulpo_selfaware import add_selfawareness_middleware

    app = _app()
    add_selfawareness_middleware(app, slow_request_ms=1000, response_headers=False)
    return app


def base_http_middleware() -> Any:
    """The same work in the way that tutorials show."""
    from starlette.middleware.base import BaseHTTPMiddleware

    app = _app()
    app.add_middleware(BaseHTTPMiddleware, dispatch=observe_with_base_http_middleware())
    return app


def observe_with_base_http_middleware() -> Any:
    """Return a `dispatch` that counts, times and gives ids as the middleware does."""
    from pulpo_selfaware import FrameworkEventLevel, get_tracker, record_event
    from pulpo_selfaware.request_context import read_ids

    requests = get_tracker().requests

    async def observe(request: Any, call_next: Any) -> Any:
        started = time.perf_counter()
        traceparent = read_ids(request.scope["headers"], b"x-request-id")[0].decode()
        response = await call_next(request)
        end = time.perf_counter()
        seconds = end - started
        route = request.scope.get("route")
        shard = requests.shard()
        counters = requests.counters(shard, request.method, getattr(route, "path", "?"))
        shard.note(counters, response.status_code, seconds, end, 0)
        if response.status_code >= 400 or seconds > 1:
            record_event(FrameworkEventLevel.WARN, "API_REQUEST_SLOW", "api", "slow")
        response.headers["x-request-id"] = traceparent[3:35]
        response.headers["traceparent"] = traceparent
        return response

    return observe


def prometheus_instrumentator() -> Any:
    from prometheus_fastapi_instrumentator import Instrumentator

    app = _app()
    Instrumentator().instrument(app)
    return app


def opentelemetry() -> Any:
    from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.trace import TracerProvider

    app = _app()
    FastAPIInstrumentor.instrument_app(
        app, tracer_provider=TracerProvider(), meter_provider=MeterProvider()
    )
    return app


def sentry() -> Any:
    import sentry_sdk

    sentry_sdk.init(dsn=None, traces_sample_rate=1.0)
    return _app()


def logfire() -> Any:
    import logfire as library

    library.configure(send_to_logfire=False, console=False)
    app = _app()
    library.instrument_fastapi(app)
    return app


VARIANTS = {
    variant.__name__: variant
    for variant in (
        none,
        minimal_middleware,
        constant_headers,
        selfaware,
        selfaware_every_request,
        selfaware_without_ids,
        base_http_middleware,
        prometheus_instrumentator,
        opentelemetry,
        sentry,
        logfire,
    )
}
