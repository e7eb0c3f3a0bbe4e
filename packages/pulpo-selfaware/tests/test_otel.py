from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from pulpo_selfaware import (
    EventTracker,
    FrameworkEventLevel,
    OpenTelemetrySink,
    add_selfawareness_middleware,
    record_event,
)
from pulpo_selfaware.routes import unobserved

TRACE = "0af7651916cd43dd8448eb211c80319c"


def make_app() -> FastAPI:
    # FastAPI's own telemetry would count the requests of this test, too.
    app = FastAPI(telemetry={"tracing": False, "metrics": False, "logs": False})
    add_selfawareness_middleware(app, record_success=True)

    @app.get("/items/{item}")
    async def show(item: int) -> int:
        return 1 // item

    return app


async def ask(app: Any, path: str, **options: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        return await client.get(path, **options)


async def test_a_request_is_a_span_of_the_callers_trace(tracker: EventTracker) -> None:
    exporter = InMemorySpanExporter()
    worker = tracker.add_sink(OpenTelemetrySink(exporter))
    header = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    response = await ask(make_app(), "/items/1", headers=header)
    assert worker.flush()
    (span,) = exporter.get_finished_spans()
    assert span.name == "GET /items/{item}"
    assert span.kind is SpanKind.SERVER
    assert span.context is not None
    announced = response.headers["traceparent"].split("-")
    assert f"{span.context.trace_id:032x}" == announced[1] == TRACE
    assert f"{span.context.span_id:016x}" == announced[2]
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == "b7ad6b7169203331"
    assert span.attributes is not None
    assert span.attributes["http.response.status_code"] == 200
    assert span.attributes["http.route"] == "/items/{item}"


async def test_a_failure_is_marked(tracker: EventTracker) -> None:
    exporter = InMemorySpanExporter()
    worker = tracker.add_sink(OpenTelemetrySink(exporter))
    await ask(make_app(), "/items/0")
    record_event(FrameworkEventLevel.WARN, "CODEGEN_SLOW", "codegen", "slow", duration_ms=250)
    record_event(FrameworkEventLevel.INFO, "NOTE", "codegen", "no duration, no span")
    assert worker.flush()
    failed, slow = exporter.get_finished_spans()
    assert failed.status.status_code.name == "ERROR"
    assert failed.attributes is not None
    assert failed.attributes["error.type"] == "ZeroDivisionError"
    assert slow.name == "codegen CODEGEN_SLOW"
    assert slow.start_time is not None
    assert slow.end_time is not None
    assert slow.end_time - slow.start_time == 250_000_000


async def test_metrics_are_read_when_they_are_collected(tracker: EventTracker) -> None:
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader])
    tracker.add_sink(OpenTelemetrySink(meter_provider=provider))
    app = make_app()
    data = None

    @app.get("/collect")
    @unobserved
    async def collect() -> None:
        nonlocal data
        data = reader.get_metrics_data()

    for path in ("/items/1", "/items/2", "/items/0", "/collect"):
        await ask(app, path)
    assert data is not None
    values = {
        metric.name: metric.data.data_points[0].value  # type: ignore[union-attr]
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }
    assert values["http.server.requests"] == 3
    assert values["http.server.errors"] == 1
    assert values["http.server.active_requests"] == 0
    assert values["selfaware.events"] == 3
    assert 0 < values["http.server.duration"] < 10
    provider.shutdown()


async def test_an_exporter_that_refuses_is_a_failure(tracker: EventTracker) -> None:
    class Refusing(SpanExporter):
        def export(self, spans: Any) -> SpanExportResult:
            return SpanExportResult.FAILURE

        def shutdown(self) -> None:
            """Nothing is held."""

    worker = tracker.add_sink(OpenTelemetrySink(Refusing()))
    await ask(make_app(), "/items/1")
    assert worker.flush()
    assert worker.status()["last_failure"] == "RuntimeError: Refusing could not export 1 spans"


def test_a_sink_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="span_exporter"):
        OpenTelemetrySink()
