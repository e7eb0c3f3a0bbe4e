"""A bare ASGI application, observed in different ways: what the observers cost by themselves.

Nothing else runs between two requests that would fill the processor's caches. The instrumentator
for Prometheus is missing: it needs the routes of a Starlette application.
"""

# ruff: noqa: PLC0415 - imports belong to the process that is measured

from __future__ import annotations

from typing import Any

from calibration import ConstantHeadersMiddleware, MinimalMiddleware
from variants import observe_with_base_http_middleware


class _Route:
    path = "/items/{item}"


_ROUTE = _Route()


async def _app(scope: Any, _receive: Any, send: Any) -> None:
    scope["route"] = _ROUTE
    headers = [(b"content-length", b"10"), (b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"item":7}'})


def none() -> Any:
    return _app


def minimal_middleware() -> Any:
    """The least that any middleware could do: count and time."""
    return MinimalMiddleware(_app)


def constant_headers() -> Any:
    """The least that any middleware that puts two headers on a response could do."""
    return ConstantHeadersMiddleware(_app)


def selfaware() -> Any:
    from pulpo_selfaware import SelfAwarenessMiddleware

    return SelfAwarenessMiddleware(_app)


def selfaware_every_request() -> Any:
    """As `selfaware`, and an event of every request, not only of those that need one."""
    from pulpo_selfaware import SelfAwarenessMiddleware

    return SelfAwarenessMiddleware(_app, record_success=True)


def selfaware_without_ids() -> Any:
    """As `selfaware`, without the two headers on each response."""
    from pulpo_selfaware import SelfAwarenessMiddleware

    return SelfAwarenessMiddleware(_app, response_headers=False)


def base_http_middleware() -> Any:
    """The same work in the way that tutorials show."""
    from starlette.middleware.base import BaseHTTPMiddleware

    return BaseHTTPMiddleware(_app, dispatch=observe_with_base_http_middleware())


def opentelemetry() -> Any:
    from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.trace import TracerProvider

    return OpenTelemetryMiddleware(
        _app, tracer_provider=TracerProvider(), meter_provider=MeterProvider()
    )


def sentry() -> Any:
    import sentry_sdk
    from sentry_sdk.integrations.asgi import SentryAsgiMiddleware

    sentry_sdk.init(dsn=None, traces_sample_rate=1.0)
    return SentryAsgiMiddleware(_app)


def logfire() -> Any:
    import logfire as library

    library.configure(send_to_logfire=False, console=False)
    return library.instrument_asgi(_app)


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
        opentelemetry,
        sentry,
        logfire,
    )
}
