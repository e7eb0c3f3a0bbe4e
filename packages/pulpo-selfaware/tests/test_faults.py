"""Whatever goes wrong beside a request, the response is the same; and nothing grows for ever."""

from __future__ import annotations

import gc
import sys
import threading
import time
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from pulpo_selfaware import (
    CallableSink,
    EventTracker,
    FrameworkEvent,
    FrameworkEventLevel,
    JsonLinesSink,
    MemorySink,
    add_selfawareness_middleware,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from starlette.requests import Request

REQUESTS = 10_000


async def _ok(request: Request) -> Response:
    return JSONResponse({"item": request.path_params["item"]})


async def _denied(request: Request) -> Response:
    raise HTTPException(403, "no")


async def _failed(request: Request) -> Response:
    return PlainTextResponse("sorry", 503)


PATHS = ("/ok/1", "/ok/2", "/denied", "/failed", "/nowhere")


def make_app(tracker: EventTracker) -> Starlette:
    app = Starlette(
        routes=[Route("/ok/{item}", _ok), Route("/denied", _denied), Route("/failed", _failed)]
    )
    add_selfawareness_middleware(app, tracker=tracker, record_success=True)
    return app


async def answers(app: Any, count: int) -> list[tuple[Any, ...]]:
    """Return status, headers and body of each of `count` requests."""
    found: list[tuple[Any, ...]] = []
    messages: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        messages.append(message)

    for number in range(count):
        scope = {
            "type": "http",
            "method": "GET",
            "path": PATHS[number % len(PATHS)],
            "query_string": b"",
            "headers": [
                (b"x-request-id", b"r%d" % number),
                (b"traceparent", b"00-%032x-%016x-01" % (number + 1, number + 1)),
            ],
        }
        await app(scope, receive, send)
        start, body = messages
        messages.clear()
        # The span id is new for every request; all else is determined.
        headers = [(name, value[:36]) for name, value in start["headers"]]
        found.append((start["status"], headers, body["body"]))
    return found


class Hanging:
    def __init__(self) -> None:
        self.release = threading.Event()

    def write(self, events: Sequence[FrameworkEvent]) -> None:
        self.release.wait(60)

    def close(self) -> None:
        self.release.set()


def raising(tracker: EventTracker) -> Generator[None]:
    def fail(events: Sequence[FrameworkEvent]) -> None:
        raise OSError("down")

    worker = tracker.add_sink(CallableSink(fail), flush_seconds=0.01)
    yield
    assert worker.flush()
    assert worker.status()["failures"] > 0


def hanging(tracker: EventTracker) -> Generator[None]:
    sink = Hanging()
    worker = tracker.add_sink(sink, max_queue=100, flush_seconds=0.01)
    yield
    assert worker.status()["dropped"] > 1000
    sink.release.set()


def slow(tracker: EventTracker) -> Generator[None]:
    worker = tracker.add_sink(
        CallableSink(lambda events: time.sleep(0.2)), max_queue=100, flush_seconds=0.01
    )
    yield
    assert worker.status()["dropped"] > 0


def disk_full(tracker: EventTracker) -> Generator[None]:
    worker = tracker.add_sink(JsonLinesSink("/dev/full"), flush_seconds=0.01)
    yield
    assert worker.flush()
    assert "No space left" in str(worker.status()["last_failure"])


def locks_held(tracker: EventTracker) -> Generator[None]:
    worker = tracker.add_sink(MemorySink())
    locks = (tracker._lock, tracker.data_access._lock, worker._lock)
    for lock in locks:
        lock.acquire()
    yield
    for lock in locks:
        lock.release()


def full_of_events(tracker: EventTracker) -> Generator[None]:
    yield
    assert tracker.captured > len(tracker)


@pytest.mark.parametrize(
    "fault",
    [raising, hanging, slow, disk_full, locks_held, full_of_events],
)
async def test_a_fault_changes_no_response(
    fault: Callable[[EventTracker], Generator[None]], caplog: pytest.LogCaptureFixture
) -> None:
    wanted = await answers(make_app(EventTracker()), REQUESTS)
    assert {status for status, _, _ in wanted} == {200, 403, 404, 503}
    tracker = EventTracker(1000 if fault is full_of_events else 10_000)
    injected = fault(tracker)
    next(injected)
    started = time.perf_counter()
    found = await answers(make_app(tracker), REQUESTS)
    elapsed = time.perf_counter() - started
    next(injected, None)
    assert found == wanted
    assert elapsed < 60
    assert tracker.requests.snapshot()["total"]["count"] == REQUESTS
    assert "observing a request failed" not in caplog.text
    tracker.close(timeout=0.1)


async def test_nothing_grows_over_a_million_events() -> None:
    tracker = EventTracker(1000)
    worker = tracker.add_sink(CallableSink(lambda events: None), max_queue=1000)

    def record(count: int) -> None:
        for number in range(count):
            tracker.record(
                FrameworkEvent(
                    FrameworkEventLevel.WARN,
                    "TEST",
                    "m",
                    f"event {number}",
                    metadata={"number": number},
                )
            )

    record(20_000)
    assert worker.flush()
    gc.collect()
    before = sys.getallocatedblocks()  # of memory; tracing would take a minute
    record(1_000_000 - 20_000)
    assert worker.flush()
    gc.collect()
    after = sys.getallocatedblocks()
    worker.close()
    assert tracker.captured == 1_000_000
    assert after - before < 2000


async def test_hostile_requests_make_nothing_grow() -> None:
    tracker = EventTracker(100, max_routes=20)
    app = make_app(tracker)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        """Nobody listens."""

    async def ask(number: int) -> None:
        scope = {
            "type": "http",
            "method": f"M{number}",
            "path": f"/{number}",
            "query_string": b"",
            "headers": [(b"x-request-id", b"%d" % number)],
        }
        await app(scope, receive, send)

    for number in range(2000):
        await ask(number)
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for number in range(5000):
        await ask(number)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 200_000
    assert len(tracker.requests.snapshot()["routes"]) == 1


def test_ten_thousand_events_of_the_seed_fit_in_four_mebibytes() -> None:
    tracker = EventTracker()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for number in range(10_000):
        message = f"API generation took {number / 7:.1f}s"
        level = FrameworkEventLevel.WARN
        tracker.record(
            FrameworkEvent(level, "CODEGEN_SLOW", "codegen", message, duration_ms=2500 + number)
        )
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (after - before) / 1024 / 1024 <= 4


async def test_ten_thousand_events_of_requests_fit_in_four_mebibytes() -> None:
    tracker = EventTracker()
    app = make_app(tracker)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        """Nobody listens."""

    scope = {"type": "http", "method": "GET", "path": "/failed", "query_string": b"", "headers": []}
    await app(dict(scope), receive, send)
    await tracker.clear()
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for _ in range(10_000):
        await app(dict(scope), receive, send)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(tracker) == 10_000
    assert (after - before) / 1024 / 1024 <= 4
