"""How many events a second the tracker takes, with room and when full, and how much they weigh."""

from __future__ import annotations

import asyncio
import statistics
import time
import tracemalloc

from pulpo_selfaware import EventTracker, FrameworkEvent, FrameworkEventLevel

COUNT = 200_000
WARN = FrameworkEventLevel.WARN


def _event() -> FrameworkEvent:
    return FrameworkEvent(WARN, "CODEGEN_SLOW", "codegen", "slow", duration_ms=2500)


def record(tracker: EventTracker) -> float:
    event = _event()
    keep = tracker.record
    started = time.process_time()
    for _ in range(COUNT):
        keep(event)
    return COUNT / (time.process_time() - started)


def make_and_record(tracker: EventTracker) -> float:
    keep = tracker.record
    started = time.process_time()
    for _ in range(COUNT):
        keep(FrameworkEvent(WARN, "CODEGEN_SLOW", "codegen", "slow", None, 2500))
    return COUNT / (time.process_time() - started)


def capture(tracker: EventTracker) -> float:
    async def many() -> float:
        event = _event()
        keep = tracker.capture
        started = time.process_time()
        for _ in range(COUNT):
            await keep(event)
        return COUNT / (time.process_time() - started)

    return asyncio.run(many())


def _with_room() -> EventTracker:
    return EventTracker(10 * COUNT)


def _full() -> EventTracker:
    tracker = EventTracker(10_000)
    for _ in range(10_000):
        tracker.record(_event())
    return tracker


def _weight() -> float:
    tracker = EventTracker()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for number in range(10_000):
        message = f"API generation took {number / 7:.1f}s"
        tracker.record(
            FrameworkEvent(WARN, "CODEGEN_SLOW", "codegen", message, None, 2500 + number)
        )
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / 2**20


def main() -> None:
    print(f"{'':24}{'with room /s':>14}{'full /s':>14}{'ratio':>8}")
    for function in (record, capture, make_and_record):
        room, full = [], []
        for _ in range(15):
            room.append(function(_with_room()))
            full.append(function(_full()))
        ratio = statistics.median(b / a for a, b in zip(room, full, strict=True))
        a, b = statistics.median(room), statistics.median(full)
        print(f"{function.__name__:24}{a:14,.0f}{b:14,.0f}{ratio:8.2f}")
    print(f"10,000 events: {_weight():.2f} MiB")


if __name__ == "__main__":
    main()
