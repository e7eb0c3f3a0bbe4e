"""The numbers in the text format of Prometheus.

Nothing is counted for it: a scrape reads what the middleware counts anyway.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from pulpo_selfaware.extras import raise_missing
from pulpo_selfaware.histogram import bucket_end
from pulpo_selfaware.routes import unobserved
from pulpo_selfaware.tracking import get_tracker

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, MutableMapping

    from prometheus_client.metrics_core import Metric

    from pulpo_selfaware.request_statistics import RouteCounters
    from pulpo_selfaware.tracking import EventTracker

__all__ = ["TrackerCollector", "metrics_app", "prometheus_text"]

_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_LABELS = ("method", "route")


class TrackerCollector:
    """A collector for prometheus_client: `REGISTRY.register(TrackerCollector())`."""

    def __init__(self, tracker: EventTracker | None = None) -> None:
        self._tracker = tracker
        try:
            from prometheus_client import metrics_core
        except ImportError as error:
            raise_missing("Prometheus metrics", "prometheus", error)
        self._core = metrics_core

    def collect(self) -> Iterator[Metric]:
        """Read the tracker's numbers as metrics."""
        tracker = self._tracker or get_tracker()
        routes = tracker.requests.by_route()
        yield self._durations(routes)
        yield from self._counters(routes)
        yield self._in_flight(tracker)
        captured = self._core.CounterMetricFamily(
            "selfaware_events", "Events recorded since the process started."
        )
        captured.add_metric([], tracker.captured)
        yield captured
        dropped = self._core.CounterMetricFamily(
            "selfaware_sink_dropped", "Events that a sink did not get.", labels=["sink"]
        )
        by_sink: dict[str, int] = defaultdict(int)
        for status in tracker.sink_status():
            by_sink[status["sink"]] += status["dropped"]
        for sink, count in by_sink.items():
            dropped.add_metric([sink], count)
        yield dropped

    def _durations(self, routes: list[RouteCounters]) -> Metric:
        family = self._core.HistogramMetricFamily(
            "http_request_duration_seconds", "How long requests took.", labels=_LABELS
        )
        for one in routes:
            buckets = _cumulated(one.buckets)
            family.add_metric([one.method, one.route], buckets, sum_value=one.total_seconds)
        return family

    def _counters(self, routes: list[RouteCounters]) -> Iterator[Metric]:
        for name, text, attribute in (
            ("http_client_errors", "Responses with status 4xx.", "client_errors"),
            ("http_server_errors", "Responses with status 5xx.", "server_errors"),
            ("http_exceptions", "Requests that ended with an exception.", "exceptions"),
            ("http_aborted", "Requests whose client went away.", "aborted"),
            ("http_response_bytes", "Bytes of response bodies.", "response_bytes"),
        ):
            family = self._core.CounterMetricFamily(name, text, labels=_LABELS)
            for one in routes:
                family.add_metric([one.method, one.route], getattr(one, attribute))
            yield family

    def _in_flight(self, tracker: EventTracker) -> Metric:
        family = self._core.GaugeMetricFamily(
            "http_requests_in_flight", "Requests being answered now."
        )
        family.add_metric([], tracker.requests.in_flight_by_route().total())
        return family


def prometheus_text(tracker: EventTracker | None = None) -> bytes:
    """Return the metrics of one tracker alone, as a scrape wants them (text format 0.0.4)."""
    collector = TrackerCollector(tracker)
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    registry.register(collector)
    return generate_latest(registry)


CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def metrics_app(
    tracker: EventTracker | None = None,
) -> Callable[..., Awaitable[None]]:
    """Return an ASGI application to mount at `/metrics`. It answers everybody who can reach it."""
    TrackerCollector(tracker)  # an ImportError belongs here, not into the first scrape

    async def serve(_scope: MutableMapping[str, Any], _receive: Any, send: Any) -> None:
        body = prometheus_text(tracker)
        headers = [
            (b"content-type", CONTENT_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return unobserved(serve)


def _cumulated(buckets: list[int]) -> list[tuple[str, float]]:
    """Return cumulative counts at Prometheus' customary bounds.

    A bucket of ours that crosses a bound counts above it, so a count is low by 6 % at most of the
    time axis, never high.
    """
    ends = [bucket_end(index) for index in range(len(buckets))]
    result: list[tuple[str, float]] = []
    index = total = 0
    for bound in _BOUNDS:
        while index < len(ends) and ends[index] <= bound:
            total += buckets[index]
            index += 1
        result.append((str(bound), total))
    result.append(("+Inf", sum(buckets)))
    return result
