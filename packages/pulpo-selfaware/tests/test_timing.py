from __future__ import annotations

import asyncio
import contextvars
import time

import pytest

from pulpo_selfaware import EventTracker, FrameworkEventLevel, FrameworkEventType, track


async def test_a_slow_block_is_a_warning(tracker: EventTracker) -> None:
    with track("codegen", "api", slow_ms=10):
        time.sleep(0.02)  # noqa: ASYNC251 - plain code is timed
    (event,) = await tracker.get_events()
    assert event.level is FrameworkEventLevel.WARN
    assert event.event_type is FrameworkEventType.CODEGEN_SLOW
    assert event.module == "codegen"
    assert event.message.startswith("api took ")
    assert event.duration_ms is not None
    assert 20 <= event.duration_ms < 2000


async def test_a_quick_block_is_nothing(tracker: EventTracker) -> None:
    with track("codegen", slow_ms=1000):
        pass
    with track("codegen"):
        pass
    assert len(tracker) == 0


async def test_success_on_request(tracker: EventTracker) -> None:
    with track("codegen", record_success=True, metadata={"files": 3}):
        pass
    (event,) = await tracker.get_events()
    assert event.event_type is FrameworkEventType.CODEGEN_COMPLETE
    assert event.metadata == {"files": 3}


async def test_a_failure_is_an_error_and_goes_on(tracker: EventTracker) -> None:
    error = KeyError("gone")
    with pytest.raises(KeyError) as caught, track("billing"):
        raise error
    assert caught.value is error
    (event,) = await tracker.get_events()
    assert event.level is FrameworkEventLevel.ERROR
    assert event.event_type == "BILLING_ERROR"
    assert event.error_details["type"] == "KeyError"
    assert event.duration_ms is not None


async def test_functions_of_both_kinds(tracker: EventTracker) -> None:
    @track("billing", slow_ms=0)
    def plain(number: int) -> int:
        """Double."""
        return number * 2

    @track("billing", slow_ms=0)
    async def awaited(number: int) -> int:
        await asyncio.sleep(0.01)
        return number * 2

    assert plain(2) == 4
    assert plain.__doc__ == "Double."
    results = await asyncio.gather(*(awaited(number) for number in range(5)))
    assert results == [0, 2, 4, 6, 8]
    events = await tracker.get_events()
    assert len(events) == 6
    assert all(event.duration_ms < 500 for event in events if event.duration_ms is not None)


async def test_nested_use_of_one_object(tracker: EventTracker) -> None:
    timer = track("m", record_success=True)
    with timer, timer:
        time.sleep(0.01)  # noqa: ASYNC251
    durations = [event.duration_ms or 0 for event in await tracker.get_events()]
    assert len(durations) == 2
    assert min(durations) >= 10


async def test_tasks_that_share_one_object_are_timed_on_their_own(tracker: EventTracker) -> None:
    timer = track("m", record_success=True)

    async def block(seconds: float) -> None:
        with timer:
            await asyncio.sleep(seconds)

    long = asyncio.create_task(block(0.2))
    await asyncio.sleep(0.1)
    await block(0.15)  # begins later and ends later
    await long
    first, second = sorted(await tracker.get_events(), key=lambda event: event.timestamp)
    assert first.duration_ms is not None
    assert second.duration_ms is not None
    assert first.duration_ms >= 199
    assert second.duration_ms < first.duration_ms


async def test_a_block_may_end_in_another_context(tracker: EventTracker) -> None:
    timer = track("m", record_success=True)
    contextvars.copy_context().run(timer.__enter__)
    contextvars.copy_context().run(timer.__exit__, None, None, None)
    assert len(tracker) == 1


async def test_cancelling_is_no_failure(tracker: EventTracker) -> None:
    async def wait() -> None:
        with track("m", record_success=True):
            await asyncio.sleep(10)

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(tracker) == 0


def test_a_forgotten_name_is_explained() -> None:
    with pytest.raises(TypeError, match="needs a module name"):

        @track  # type: ignore[arg-type]
        def function() -> None:
            """Nothing."""
