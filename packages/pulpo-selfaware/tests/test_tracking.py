from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulpo_selfaware.events import FrameworkEvent, FrameworkEventLevel, FrameworkEventType
from pulpo_selfaware.testing import scoped_tracker
from pulpo_selfaware.tracking import (
    EventTracker,
    capture_event,
    capture_exception,
    get_tracker,
    record_event,
)

DEBUG, INFO, WARN, ERROR, CRITICAL = FrameworkEventLevel


def event(level: FrameworkEventLevel = INFO, text: str = "x", **fields: object) -> FrameworkEvent:
    given_fields = {"event_type": "TEST", "module": "m", **fields}
    return FrameworkEvent(level, message=text, **given_fields)  # type: ignore[arg-type]


async def test_the_calls_of_the_seed(tracker: EventTracker) -> None:
    await capture_event(
        level=WARN,
        event_type=FrameworkEventType.CODEGEN_SLOW,
        module="codegen",
        message="API generation took 2.5s",
        duration_ms=2500,
    )
    assert get_tracker() is tracker
    assert await tracker.get_errors(limit=50) == []
    assert [one.duration_ms for one in await tracker.get_warnings()] == [2500]
    assert len(await tracker.get_slow_operations()) == 1
    stats = await tracker.get_stats()
    assert (stats["total"], stats["captured"], stats["dropped"]) == (1, 1, 0)
    assert stats["by_level"] == {"WARN": 1}
    assert stats["by_module"] == {"codegen": 1}
    assert stats["by_type"] == {"CODEGEN_SLOW": 1}
    await tracker.clear()
    assert len(tracker) == 0


async def test_the_newest_comes_first_and_the_oldest_is_dropped() -> None:
    tracker = EventTracker(3)
    for number in range(5):
        await tracker.capture(event(text=str(number)))
    assert [one.message for one in await tracker.get_events()] == ["4", "3", "2"]
    stats = await tracker.get_stats()
    assert (stats["total"], stats["captured"], stats["dropped"]) == (3, 5, 2)
    await tracker.clear()
    tracker.record(event())
    stats = await tracker.get_stats()
    assert (stats["total"], stats["captured"], stats["dropped"]) == (1, 6, 2)


async def test_levels_errors_and_warnings() -> None:
    tracker = EventTracker()
    for level in FrameworkEventLevel:
        tracker.record(event(level))
    assert [one.level for one in await tracker.get_events(level="warn")] == [CRITICAL, ERROR, WARN]
    assert [one.level for one in await tracker.get_errors()] == [CRITICAL, ERROR]
    assert [one.level for one in await tracker.get_warnings()] == [WARN]
    assert [one.level for one in await tracker.get_errors(limit=1)] == [CRITICAL]


async def test_every_filter_narrows() -> None:
    tracker = EventTracker()
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(10):
        tracker.record(
            event(
                text=f"Number {number}",
                module="even" if number % 2 == 0 else "odd",
                event_type=FrameworkEventType.CLI_COMMAND_ERROR if number < 3 else "OTHER",
                timestamp=start + timedelta(minutes=number),
                duration_ms=number * 100,
                metadata={"n": number, "user": None},
            )
        )

    async def numbers(**conditions: object) -> list[int]:
        found = await tracker.get_events(**conditions)  # type: ignore[arg-type]
        return [one.metadata["n"] for one in found]

    assert await numbers(module="odd") == [9, 7, 5, 3, 1]
    assert await numbers(event_type="CLI_COMMAND_ERROR") == [2, 1, 0]
    assert await numbers(text="number 7") == [7]
    assert await numbers(metadata={"n": 4}) == [4]
    assert await numbers(metadata={"absent": None}) == []
    assert await numbers(min_duration_ms=800) == [9, 8]
    minute = timedelta(minutes=1)
    assert await numbers(since=start + 3 * minute, until=start + 5 * minute) == [4, 3]
    assert await numbers(limit=2, module="even") == [8, 6]
    assert await numbers(limit=0) == []
    assert len(await numbers(limit=None)) == 10


@given(
    st.lists(st.tuples(st.sampled_from(FrameworkEventLevel), st.sampled_from("abc"))),
    st.sampled_from(FrameworkEventLevel),
    st.sampled_from("abc"),
    st.integers(0, 20),
    st.integers(1, 20),
)
def test_queries_agree_with_a_plain_list(
    made: list[tuple[FrameworkEventLevel, str]],
    level: FrameworkEventLevel,
    module: str,
    limit: int,
    capacity: int,
) -> None:
    tracker = EventTracker(capacity)
    events = [event(one, module=where) for one, where in made]
    for one in events:
        tracker.record(one)
    kept = events[-capacity:]
    wanted = [one for one in reversed(kept) if one.level >= level and one.module == module]
    found = asyncio.run(tracker.get_events(level=level, module=module, limit=limit))
    assert found == wanted[:limit]
    assert asyncio.run(tracker.get_stats())["dropped"] == len(events) - len(kept)


async def test_bad_questions_are_refused() -> None:
    tracker = EventTracker()
    with pytest.raises(ValueError, match="time zone"):
        await tracker.get_events(since=datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="unknown event level"):
        await tracker.get_events(level="loud")
    with pytest.raises(ValueError, match="limit"):
        await tracker.get_events(limit=-1)
    with pytest.raises(ValueError, match="max_events"):
        EventTracker(0)


def test_nothing_is_lost_between_threads_and_event_loops() -> None:
    tracker = EventTracker(1_000_000)

    def from_thread() -> None:
        for _ in range(10_000):
            tracker.record(event())

    async def from_loop() -> None:
        for number in range(10_000):
            await tracker.capture(event())
            if number % 1000 == 0:
                await tracker.get_events(limit=None)

    threads = [threading.Thread(target=from_thread) for _ in range(4)]
    threads += [threading.Thread(target=lambda: asyncio.run(from_loop())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tracker.captured == len(tracker) == 80_000


async def test_drops_are_exact_while_threads_capture_and_clear() -> None:
    tracker = EventTracker(100)

    def capture() -> None:
        for _ in range(20_000):
            tracker.record(event())

    threads = [threading.Thread(target=capture) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        await tracker.clear()
    stats = await tracker.get_stats()
    assert stats["captured"] == 60_000
    assert stats["dropped"] == 60_000 - tracker._cleared - len(tracker)
    assert stats["dropped"] >= 0


async def test_a_query_lets_captures_through() -> None:
    tracker = EventTracker(50_000)
    for _ in range(50_000):
        tracker.record(event())
    captured = 0
    done = False

    async def capture() -> None:
        nonlocal captured
        while not done:
            await asyncio.sleep(0)
            await tracker.capture(event())
            captured += 1

    capturing = asyncio.create_task(capture())
    await asyncio.sleep(0)
    before = captured
    await tracker.get_events(limit=None, text="nowhere")
    between = captured - before
    done = True
    await capturing
    assert between >= 5, "the query held the loop from its start to its end"


def test_a_held_lock_does_not_hold_captures() -> None:
    tracker = EventTracker(10)
    with tracker._lock:
        thread = threading.Thread(target=lambda: tracker.record(event()))
        thread.start()
        thread.join(2)
        assert not thread.is_alive()
    assert tracker.captured == 1


async def test_capture_exception_describes_and_groups(tracker: EventTracker) -> None:
    for number in range(3):
        try:
            int(f"bad {number}")
        except ValueError as error:
            made = await capture_exception(error, module="import")
    assert made.level is ERROR
    assert made.error_details["type"] == "ValueError"
    assert made.error_details["message"].endswith("'bad 2'")
    assert "test_capture_exception" in made.error_details["place"]
    groups = tracker.exceptions.snapshot()
    assert [(one["type"], one["count"]) for one in groups] == [("ValueError", 3)]
    assert groups[0]["first_seen"] <= groups[0]["last_seen"]
    assert groups[0]["example"]["message"].endswith("'bad 0'")


def test_exception_groups_are_bounded(tracker: EventTracker) -> None:
    for number in range(300):
        error = type(f"Error{number}", (Exception,), {})()
        tracker.record_exception(error)
    groups = tracker.exceptions.snapshot()
    assert len(groups) == 201
    assert sum(one["count"] for one in groups) == 300
    assert groups[0]["type"] == "(other exceptions)"


def test_an_exception_that_cannot_be_printed_is_recorded(tracker: EventTracker) -> None:
    class Rude(Exception):  # noqa: N818
        def __str__(self) -> str:
            raise RuntimeError

    made = tracker.record_exception(Rude())
    assert "__str__ raised RuntimeError" in made.error_details["message"]


def test_scopes_nest_and_end() -> None:
    outside = get_tracker()
    with scoped_tracker() as outer:
        record_event(INFO, "A", "m", "outer")
        with scoped_tracker() as inner:
            record_event(INFO, "A", "m", "inner")
            assert inner.captured == 1
        assert outer.captured == 1
        assert get_tracker() is outer
    assert get_tracker() is outside


def test_a_subscriber_gets_events_until_it_leaves() -> None:
    tracker = EventTracker()
    got: list[FrameworkEvent] = []
    leave = tracker.subscribe(got.append)
    tracker.record(event(text="one"))
    leave()
    tracker.record(event(text="two"))
    assert [one.message for one in got] == ["one"]
