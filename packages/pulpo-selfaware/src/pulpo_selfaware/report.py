"""From a finished exchange to numbers and events."""

from __future__ import annotations

import asyncio
from random import random
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from pulpo_selfaware.events import FrameworkEvent, FrameworkEventLevel, FrameworkEventType
from pulpo_selfaware.exception_groups import describe_exception
from pulpo_selfaware.exchange import Exchange, known_method
from pulpo_selfaware.routes import UNMATCHED, is_unobserved, route_label, route_source
from pulpo_selfaware.validation_errors import describe_validation_errors

if TYPE_CHECKING:
    from collections.abc import Collection

    from pulpo_selfaware.request_statistics import RouteCounters
    from pulpo_selfaware.tracking import EventTracker

__all__ = ["RequestReporter"]

_ERROR, _WARN, _DEBUG = (
    FrameworkEventLevel.ERROR,
    FrameworkEventLevel.WARN,
    FrameworkEventLevel.DEBUG,
)
_CLIENT_ERROR, _UNPROCESSABLE, _SERVER_ERROR = 400, 422, 500
_MOST_SOURCES = 2000
_PROMPT_SECONDS = 0.005  # a response that ends sooner after its start is no stream


class _Outcome(NamedTuple):
    status: int
    seconds: float
    slow: bool
    aborted: bool


class RequestReporter:
    """Counts finished requests and makes events of those that need one."""

    def __init__(
        self,
        *,
        slow_request_ms: float,
        sample_rate: float,
        record_success: bool,
        safe_fields: Collection[str],
        safe_headers: Collection[str],
        exception_messages: bool,
    ) -> None:
        if not slow_request_ms > 0:
            msg = f"slow_request_ms must be more than 0 milliseconds, got {slow_request_ms}"
            raise ValueError(msg)
        if not 0 <= sample_rate <= 1:
            msg = f"sample_rate is a share between 0 and 1, got {sample_rate}"
            raise ValueError(msg)
        self._slow_seconds = slow_request_ms / 1000
        self._sample_rate = sample_rate
        self._record_success = record_success
        # Below this many seconds a success is not worth an event.
        self._usual_seconds = 0 if record_success else self._slow_seconds
        self._safe_fields = _names(safe_fields, "safe_fields")
        self._safe_headers = {
            name.lower().encode("latin-1"): name.lower()
            for name in _names(safe_headers, "safe_headers")
        }
        self._exception_messages = exception_messages

    def report(
        self, tracker: EventTracker, exchange: Exchange, error: BaseException | None
    ) -> None:
        """Count `exchange`, which ended just now, with `error` if it failed."""
        # Runs for every request, after the application has filled the processor's caches: what
        # is usual is recognised first, and touches little.
        shard = exchange.shard
        scope = exchange.scope
        end = exchange.finished
        seconds = end - exchange.started
        if (
            error is None
            and 0 < seconds < self._usual_seconds
            and exchange.status < _CLIENT_ERROR
            and end - exchange.first_byte < _PROMPT_SECONDS
            and not exchange.client_gone
        ):
            source = route_source(scope) if "fastapi" in scope else scope.get("route")
            known = shard.by_source.get((id(source), scope.get("method", "WEBSOCKET")))
            if known is not None and scope.get("root_path", "") == exchange.root_path:
                shard.note(known[1], exchange.status, seconds, end, exchange.response_bytes)
                return
        self._report_unusual(tracker, exchange, error)

    def _report_unusual(
        self, tracker: EventTracker, exchange: Exchange, error: BaseException | None
    ) -> None:
        counters = self._counters(tracker, exchange)
        if counters is None:
            return
        end = _end(exchange)
        seconds = end - exchange.started
        slow = seconds >= self._slow_seconds
        aborted = _is_aborted(exchange, error)
        status = exchange.status
        if error is not None or not exchange.finished:
            status = status or (499 if aborted else 500 if error else 0)
        # A response that broke off has a good status and is no success.
        counted = 500 if error is not None and status < _SERVER_ERROR else status
        size = exchange.response_bytes
        exchange.shard.note(counters, 0 if aborted else counted, seconds, end, size)
        if slow:
            counters.slow += 1
        if aborted:
            counters.aborted += 1
            error = None
        elif error is None and status < _CLIENT_ERROR and not slow and not self._record_success:
            return
        self._record(tracker, exchange, counters, error, _Outcome(status, seconds, slow, aborted))

    def _record(
        self,
        tracker: EventTracker,
        exchange: Exchange,
        counters: RouteCounters,
        error: BaseException | None,
        outcome: _Outcome,
    ) -> None:
        level, kind = _classify(outcome, error)
        if kind is None and not self._record_success:
            return
        if level < _ERROR and self._sample_rate < 1 and random() >= self._sample_rate:  # noqa: S311
            return
        event = FrameworkEvent(
            level,
            kind or "API_REQUEST",
            "api",
            _message(counters, outcome.status),
            None,
            round(outcome.seconds * 1000),
            None,
            vars(_Facts(counters, outcome.status, exchange.request_id)),
        )
        if tracker.keeps_trace_ids:
            event.metadata.update(exchange.trace_ids())
        if error is not None:
            counters.exceptions += 1
            event.error_details = describe_exception(error, with_message=self._exception_messages)
            tracker.exceptions.add(event.error_details)
        elif exchange.error_body and kind is FrameworkEventType.API_VALIDATION_ERROR:
            event.error_details = describe_validation_errors(exchange.error_body, self._safe_fields)
        if self._safe_fields or self._safe_headers:
            event.metadata.update(self._safe_values(exchange.scope))
        tracker.record(event)

    def _counters(self, tracker: EventTracker, exchange: Exchange) -> RouteCounters | None:
        scope = exchange.scope
        shard = exchange.shard
        method = known_method(scope)
        source = route_source(scope)
        direct = source is not None and scope.get("root_path", "") == exchange.root_path
        known = shard.by_source.get((id(source), method)) if direct else None
        if known is not None:
            return known[1]
        if is_unobserved(scope):
            return None
        label = route_label(scope, exchange.root_path, exchange.status)
        counters = tracker.requests.counters(shard, method, label)
        # Applications that make routes while they run must not fill the table.
        if direct and label != UNMATCHED and len(shard.by_source) < _MOST_SOURCES:
            shard.by_source[id(source), method] = (source, counters)
        return counters

    def _safe_values(self, scope: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        headers = {
            self._safe_headers[name]: value.decode("latin-1")[:500]
            for name, value in scope["headers"]
            if name in self._safe_headers
        }
        if headers:
            found["headers"] = headers
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), max_num_fields=1000)
        params = {
            name: str(value)[:500]
            for name, value in (*query, *scope.get("path_params", {}).items())
            if name in self._safe_fields
        }
        if params:
            found["params"] = params
        return found


def _end(exchange: Exchange) -> float:
    """Until when the client waited: for the first byte of a stream, else for the last byte.

    A background task runs after the last byte and does not count.
    """
    if exchange.first_byte and exchange.is_stream():
        return exchange.first_byte
    return exchange.finished or perf_counter()


def _is_aborted(exchange: Exchange, error: BaseException | None) -> bool:
    if exchange.client_gone or isinstance(error, asyncio.CancelledError):
        return True
    return error is None and not exchange.finished and not exchange.is_stream()


def _classify(
    outcome: _Outcome, error: BaseException | None
) -> tuple[FrameworkEventLevel, FrameworkEventType | None]:
    status = outcome.status
    if outcome.aborted:
        return _DEBUG, None
    if error is not None or status >= _SERVER_ERROR:
        return _ERROR, FrameworkEventType.API_REQUEST_ERROR
    if status == _UNPROCESSABLE:
        return _WARN, FrameworkEventType.API_VALIDATION_ERROR
    if status >= _CLIENT_ERROR:
        return _WARN, FrameworkEventType.API_REQUEST_ERROR
    return (_WARN, FrameworkEventType.API_REQUEST_SLOW) if outcome.slow else (_DEBUG, None)


class _Facts:
    """What the metadata of a request's event says.

    The attributes of objects of one class share the table of their names: as a dict they take
    112 bytes, a dict of their own 184.
    """

    def __init__(self, counters: RouteCounters, status: int, request_id: str) -> None:
        self.method = counters.method
        self.route = counters.route
        self.status = status
        self.request_id = request_id


def _message(counters: RouteCounters, status: int) -> str:
    message = counters.messages.get(status)
    if message is None:
        message = f"{counters.method} {counters.route} → {status}"
        counters.messages[status] = message
    return message


def _names(names: Collection[str], option: str) -> frozenset[str]:
    if isinstance(names, str):
        msg = f'{option} is a collection of names; write {option}=["{names}"]'
        raise TypeError(msg)
    return frozenset(names)
