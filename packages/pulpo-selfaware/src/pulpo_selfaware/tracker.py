"""Keeping events: a bounded log that costs its writers next to nothing."""

from __future__ import annotations

from collections import deque
from threading import Lock, get_ident
from types import coroutine
from typing import TYPE_CHECKING, Any

from pulpo_selfaware.data_access import DataAccess
from pulpo_selfaware.events import FrameworkEvent, FrameworkEventLevel, FrameworkEventType
from pulpo_selfaware.exception_groups import ExceptionGroups, describe_exception
from pulpo_selfaware.queries import EventFilter, EventStats, count_events
from pulpo_selfaware.request_statistics import RequestStatistics

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from datetime import datetime

    from pulpo_selfaware.sinks import Sink, SinkWorker

__all__ = ["EventTracker"]

_CHUNK = 512  # events filtered between two chances for other tasks of the loop


@coroutine
def _give_way() -> Generator[None, None, None]:
    """Let other tasks run once: asyncio.sleep(0) without importing asyncio (40 ms)."""
    yield


class EventTracker:
    """The observed state of a process: its events, requests, exceptions and data access.

    `requests` holds what the middleware counted and timed, `exceptions` the exception groups,
    `data_access` which collections each operation read and wrote.

    Keeps the newest `max_events` events; older ones are dropped and counted. `record` may be
    called from any thread and event loop: it takes no lock (a `deque.append` is atomic), so neither
    a query nor a sink can hold it up. Queries copy references and filter the copy.
    """

    def __init__(self, max_events: int = 10_000, *, max_routes: int = 500) -> None:
        if max_events < 1:
            msg = f"max_events must be at least 1, got {max_events}"
            raise ValueError(msg)
        self._events: deque[FrameworkEvent] = deque(maxlen=max_events)
        self._append = self._events.append
        self._captured: dict[int, int] = {}  # by thread: no two threads write one number
        self._cleared = 0
        self._listeners: tuple[Callable[[FrameworkEvent], None], ...] = ()
        self._sinks: tuple[SinkWorker, ...] = ()
        self._lock = Lock()  # for the lists of listeners and sinks; never for captures
        self.requests = RequestStatistics(max_routes=max_routes)
        self.data_access = DataAccess()
        self.exceptions = ExceptionGroups()
        # Whether events of requests say more of their trace than the request id. Two ids are a
        # third of an event's memory, so only for a sink that sends them on.
        self.keeps_trace_ids = False

    def record(self, event: FrameworkEvent) -> None:
        """Keep `event`, from any thread, in constant time."""
        self._append(event)
        captured = self._captured
        thread = get_ident()
        if thread in captured:
            captured[thread] += 1
        else:
            captured[thread] = 1
        for listener in self._listeners:
            listener(event)

    async def capture(self, event: FrameworkEvent) -> None:
        """Keep `event`; the same as `record`, for asynchronous code."""
        self.record(event)

    def record_exception(
        self,
        error: BaseException,
        *,
        module: str = "app",
        message: str | None = None,
        level: FrameworkEventLevel = FrameworkEventLevel.ERROR,
        event_type: FrameworkEventType | str = "EXCEPTION",
        duration_ms: int | None = None,
        metadata: dict[str, Any] | None = None,
        with_message: bool = True,
    ) -> FrameworkEvent:
        """Keep an event about `error` and count it in its exception group.

        `with_message=False` leaves out the exception's own text, which may repeat input.
        """
        details = describe_exception(error, with_message=with_message)
        if message is None:
            message = f"{details['type']} at {details['place']}"
        event = FrameworkEvent(
            level, event_type, module, message, None, duration_ms, details, metadata
        )
        self.exceptions.add(details)
        self.record(event)
        return event

    async def get_events(
        self,
        *,
        limit: int | None = 100,
        level: FrameworkEventLevel | str | None = None,
        event_type: FrameworkEventType | str | None = None,
        module: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        text: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        min_duration_ms: int | None = None,
    ) -> list[FrameworkEvent]:
        """Return at most `limit` matching events (None: all), the newest first.

        `level` means "at least"; `EventFilter` describes the other conditions.
        """
        wanted = EventFilter(
            level=level,
            event_type=event_type,
            module=module,
            since=since,
            until=until,
            text=text,
            metadata=metadata,
            min_duration_ms=min_duration_ms,
        )
        if limit is not None and limit < 0:
            msg = f"limit must not be negative, got {limit}"
            raise ValueError(msg)
        return await self._select(wanted, limit)

    async def get_errors(self, limit: int | None = 100) -> list[FrameworkEvent]:
        """Return events of level ERROR and CRITICAL, the newest first."""
        return await self.get_events(limit=limit, level=FrameworkEventLevel.ERROR)

    async def get_warnings(self, limit: int | None = 100) -> list[FrameworkEvent]:
        """Return events of level WARN (errors are not warnings), the newest first."""
        events = await self.get_events(limit=None, level=FrameworkEventLevel.WARN)
        return [event for event in events if event.level is FrameworkEventLevel.WARN][:limit]

    async def get_slow_operations(
        self, min_duration_ms: int = 1000, limit: int | None = 100
    ) -> list[FrameworkEvent]:
        """Return events that took at least `min_duration_ms`, the newest first."""
        return await self.get_events(limit=limit, min_duration_ms=min_duration_ms)

    async def get_stats(self) -> EventStats:
        """Count the events in memory by level, module and type."""
        events = self.snapshot()
        await _give_way()
        levels, modules, types = count_events(events)
        captured = self.captured
        return EventStats(
            total=len(events),
            captured=captured,
            dropped=max(0, captured - self._cleared - len(self._events)),
            capacity=self._events.maxlen or 0,
            by_level=levels,
            by_module=modules,
            by_type=types,
            oldest=events[0].timestamp.isoformat() if events else None,
            newest=events[-1].timestamp.isoformat() if events else None,
            sinks=self.sink_status(),
        )

    async def clear(self) -> None:
        """Forget the events that are in memory now."""
        with self._lock:
            for _ in range(len(self._events)):
                try:
                    self._events.popleft()
                except IndexError:  # a second clear was faster
                    break
                self._cleared += 1

    @property
    def captured(self) -> int:
        """How many events were ever recorded."""
        return sum(list(self._captured.values()))

    def snapshot(self) -> list[FrameworkEvent]:
        """Copy the references to all events in memory, the oldest first."""
        while True:
            try:
                return list(self._events)
            except RuntimeError:  # a thread appended between two steps of the copy
                continue

    def __len__(self) -> int:
        return len(self._events)

    def __bool__(self) -> bool:
        return True  # also without events: `tracker or get_tracker()` asks whether there is one

    def subscribe(self, listener: Callable[[FrameworkEvent], None]) -> Callable[[], None]:
        """Call `listener` in the capturing thread for every event; returns what ends that.

        The listener must be quick and must not raise: it runs inside the capture. For anything
        else there is `add_sink`.
        """
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            with self._lock:
                self._listeners = tuple(one for one in self._listeners if one is not listener)

        return unsubscribe

    def add_sink(
        self, sink: Sink, *, max_queue: int = 10_000, flush_seconds: float = 0.2
    ) -> SinkWorker:
        """Send every later event to `sink`, from a thread of its own.

        At most `max_queue` events wait; more are dropped and counted. Returns the worker, which
        can be flushed, asked for its status and closed.
        """
        from pulpo_selfaware.sinks import SinkWorker

        if getattr(sink, "needs_trace_ids", False):
            self.keeps_trace_ids = True
        worker = SinkWorker(sink, max_queue=max_queue, flush_seconds=flush_seconds)
        unsubscribe = self.subscribe(worker.put)
        worker.on_close(lambda: self._forget(worker, unsubscribe))
        with self._lock:
            self._sinks = (*self._sinks, worker)
        return worker

    def sink_status(self) -> list[dict[str, Any]]:
        """Return what each sink has written, dropped and failed at."""
        return [worker.status() for worker in self._sinks]

    def close(self, timeout: float = 2.0) -> None:
        """Give every sink up to `timeout` seconds for what it still holds, and let go of it."""
        for worker in self._sinks:
            worker.close(timeout)

    def _forget(self, worker: SinkWorker, unsubscribe: Callable[[], None]) -> None:
        unsubscribe()
        with self._lock:
            self._sinks = tuple(one for one in self._sinks if one is not worker)

    async def _select(self, wanted: EventFilter, limit: int | None) -> list[FrameworkEvent]:
        found: list[FrameworkEvent] = []
        events = self.snapshot()
        for end in range(len(events), 0, -_CHUNK):
            for event in reversed(events[max(0, end - _CHUNK) : end]):
                if limit is not None and len(found) >= limit:
                    return found
                if wanted.accepts(event):
                    found.append(event)
            await _give_way()
        return found
