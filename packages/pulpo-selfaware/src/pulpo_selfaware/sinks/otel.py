"""Events as OpenTelemetry spans, numbers as OpenTelemetry metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pulpo_selfaware.events import FrameworkEvent, FrameworkEventLevel
from pulpo_selfaware.extras import raise_missing
from pulpo_selfaware.request_context import new_span_id, new_trace_id
from pulpo_selfaware.tracking import get_tracker

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from opentelemetry.metrics import CallbackOptions, MeterProvider, Observation
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import SpanContext

    from pulpo_selfaware.request_statistics import RouteCounters
    from pulpo_selfaware.tracking import EventTracker

__all__ = ["OpenTelemetrySink"]

_SCOPE = "pulpo_selfaware"


class OpenTelemetrySink:
    """Exports every event that took time as a span, and the tracker's numbers as metrics.

    span_exporter: gets the spans, in batches and in the sink's thread. A request's span has the
        ids that its `traceparent` header announced, so that traces join up across services. For
        spans of all requests give the middleware `record_success=True`.
    meter_provider: gets observable instruments for requests, errors, requests in flight and
        events; they are read when the provider collects.
    """

    needs_trace_ids = True

    def __init__(
        self,
        span_exporter: SpanExporter | None = None,
        *,
        meter_provider: MeterProvider | None = None,
        resource: Resource | None = None,
        tracker: EventTracker | None = None,
    ) -> None:
        try:
            from opentelemetry.sdk import trace
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.util.instrumentation import InstrumentationScope
        except ImportError as error:
            raise_missing("OpenTelemetrySink", "otel", error)
        if span_exporter is None and meter_provider is None:
            msg = "OpenTelemetrySink needs a span_exporter, a meter_provider or both"
            raise ValueError(msg)
        self._trace = trace
        self._scope = InstrumentationScope(_SCOPE)
        self._exporter = span_exporter
        self._resource = resource or Resource.create()
        self._tracker = tracker
        if meter_provider is not None:
            self._add_instruments(meter_provider)

    def write(self, events: Sequence[FrameworkEvent]) -> None:
        """Export the spans of the events; raises RuntimeError when the exporter refuses."""
        if self._exporter is None:
            return
        spans = [self._span(event) for event in events if event.duration_ms is not None]
        if not spans:
            return
        result = self._exporter.export(spans)
        if result.name != "SUCCESS":
            msg = f"{type(self._exporter).__name__} could not export {len(spans)} spans"
            raise RuntimeError(msg)

    def close(self) -> None:
        """Shut the exporter down."""
        if self._exporter is not None:
            self._exporter.shutdown()

    def _span(self, event: FrameworkEvent) -> ReadableSpan:
        from opentelemetry.trace import SpanKind, Status, StatusCode

        end = int(event.timestamp.timestamp() * 1e9)
        is_request = "route" in event.metadata
        own, parent = self._contexts(event)
        failed = event.level >= FrameworkEventLevel.ERROR
        return self._trace.ReadableSpan(
            name=_span_name(event),
            context=own,
            parent=parent,
            resource=self._resource,
            attributes=_attributes(event),
            kind=SpanKind.SERVER if is_request else SpanKind.INTERNAL,
            status=Status(StatusCode.ERROR, event.message) if failed else Status(StatusCode.UNSET),
            start_time=end - (event.duration_ms or 0) * 1_000_000,
            end_time=end,
            instrumentation_scope=self._scope,
        )

    def _contexts(self, event: FrameworkEvent) -> tuple[SpanContext, SpanContext | None]:
        trace_id = event.metadata.get("trace_id")
        span_id = event.metadata.get("span_id")
        parent_id = event.metadata.get("parent_id")
        if not trace_id:
            return self._context(new_trace_id(), new_span_id()), None
        parent = self._context(trace_id, parent_id, is_remote=True) if parent_id else None
        return self._context(trace_id, span_id or new_span_id()), parent

    def _context(self, trace_id: str, span_id: str, *, is_remote: bool = False) -> SpanContext:
        from opentelemetry.trace import SpanContext, TraceFlags

        flags = TraceFlags(TraceFlags.SAMPLED)
        return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote, flags)

    def _add_instruments(self, provider: MeterProvider) -> None:
        from opentelemetry.metrics import Observation

        def routes() -> list[RouteCounters]:
            return (self._tracker or get_tracker()).requests.by_route()

        def requests(_options: CallbackOptions) -> Iterable[Observation]:
            return [Observation(one.count, _labels(one)) for one in routes()]

        def errors(_options: CallbackOptions) -> Iterable[Observation]:
            return [Observation(one.server_errors, _labels(one)) for one in routes()]

        def seconds(_options: CallbackOptions) -> Iterable[Observation]:
            return [Observation(one.total_seconds, _labels(one)) for one in routes()]

        def in_flight(_options: CallbackOptions) -> Iterable[Observation]:
            waiting = (self._tracker or get_tracker()).requests.in_flight_by_route()
            return [Observation(waiting.total())]

        def events(_options: CallbackOptions) -> Iterable[Observation]:
            return [Observation((self._tracker or get_tracker()).captured)]

        meter = provider.get_meter(_SCOPE)
        meter.create_observable_counter("http.server.requests", [requests], "{request}")
        meter.create_observable_counter("http.server.errors", [errors], "{request}")
        meter.create_observable_counter("http.server.duration", [seconds], "s")
        meter.create_observable_gauge("http.server.active_requests", [in_flight], "{request}")
        meter.create_observable_counter("selfaware.events", [events], "{event}")


def _span_name(event: FrameworkEvent) -> str:
    if "route" in event.metadata:
        return f"{event.metadata.get('method')} {event.metadata['route']}"
    return f"{event.module} {event.event_type}"


def _attributes(event: FrameworkEvent) -> dict[str, Any]:
    renamed = {
        "method": "http.request.method",
        "route": "http.route",
        "status": "http.response.status_code",
    }
    found: dict[str, Any] = {
        "event.type": str(event.event_type),
        "event.level": event.level.name,
        "event.module": event.module,
    }
    for name, value in event.metadata.items():
        if isinstance(value, str | bool | int | float):
            found[renamed.get(name, name)] = value
    if "type" in event.error_details:
        found["error.type"] = str(event.error_details["type"])
    return found


def _labels(one: RouteCounters) -> dict[str, str]:
    return {"http.request.method": one.method, "http.route": one.route}
