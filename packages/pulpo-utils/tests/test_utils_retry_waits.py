"""How long `retry_on_error` waits, and whom it tells."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulpo_utils.exceptions import (
    RateLimitError,
    RetryState,
    retry_on_error,
)


class Flaky:
    """Fails a number of times, then succeeds."""

    def __init__(self, failures: int, error: Any = ConnectionError) -> None:
        self.failures = failures
        self.error = error
        self.calls = 0

    def __call__(self, value: str = "done") -> str:
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error("refused")
        return value

    async def later(self, value: str = "done") -> str:
        await asyncio.sleep(0)
        return self(value)


def fast(*types: Any, **options: Any) -> retry_on_error:
    return retry_on_error(*types, **{"delay": 0, **options})


def test_waits_grow_by_backoff_up_to_max_delay() -> None:
    waits: list[float] = []
    retry = retry_on_error(
        ConnectionError,
        max_retries=4,
        delay=1,
        backoff=3,
        jitter=0,
        max_delay=10,
        sleep=waits.append,
    )
    with pytest.raises(ConnectionError):
        retry(Flaky(9))()
    assert waits == [1, 3, 9, 10]


@settings(deadline=None)
@given(jitter=st.floats(0, 1), delay=st.floats(0, 100), attempts=st.integers(0, 5))
def test_jitter_only_shortens_a_wait_and_by_its_share(
    jitter: float, delay: float, attempts: int
) -> None:
    waits: list[float] = []
    retry = retry_on_error(
        ConnectionError,
        max_retries=attempts,
        delay=delay,
        backoff=1,
        jitter=jitter,
        sleep=waits.append,
        max_delay=50,
    )
    with pytest.raises(ConnectionError):
        retry(Flaky(9))()
    longest = min(delay, 50)
    assert len(waits) == attempts
    assert all(longest * (1 - jitter) - 1e-9 <= wait <= longest for wait in waits)


def test_many_retries_do_not_overflow() -> None:
    waits: list[float] = []
    with pytest.raises(ConnectionError):
        retry_on_error(ConnectionError, max_retries=1100, backoff=10, jitter=0, sleep=waits.append)(
            Flaky(9999)
        )()
    assert waits[-1] == 60


def test_it_really_sleeps() -> None:
    started = time.monotonic()
    retry_on_error(ConnectionError, delay=0.05, backoff=1, jitter=0)(Flaky(2))()
    assert time.monotonic() - started >= 0.1


async def test_it_really_sleeps_without_blocking_the_loop() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.005)

    ticking = asyncio.create_task(tick())
    await retry_on_error(ConnectionError, delay=0.05, jitter=0)(Flaky(1).later)()
    ticking.cancel()
    assert ticks > 1


def test_retry_after_of_the_error_is_honoured() -> None:
    waits: list[float] = []
    errors = [RateLimitError("x", retry_after=7), ConnectionError("x")]

    @retry_on_error(delay=1, jitter=0, backoff=1, sleep=waits.append)
    def work() -> str:
        if errors:
            raise errors.pop(0)
        return "done"

    assert work() == "done"
    assert waits == [7, 1]


def test_retry_after_can_be_ignored_or_read_in_another_way() -> None:
    def limited(_text: str) -> RateLimitError:
        return RateLimitError("x", {"reset": 9}, retry_after=7)

    waits: list[float] = []
    options: dict[str, Any] = {"delay": 1, "jitter": 0, "sleep": waits.append}
    retry_on_error(retry_after=False, **options)(Flaky(1, limited))()
    retry_on_error(retry_after=lambda error: error.details["reset"], **options)(  # type: ignore[attr-defined]
        Flaky(1, limited)
    )()
    assert waits == [1, 9]


def test_a_retry_after_that_is_too_long_ends_the_run() -> None:
    waits: list[float] = []

    def limited(_text: str) -> RateLimitError:
        return RateLimitError("x", retry_after=10**9)

    with pytest.raises(RateLimitError) as caught:
        retry_on_error(sleep=waits.append)(Flaky(1, limited))()
    assert waits == []
    assert "longer wait than max_retry_after" in caught.value.__notes__[0]


def test_timeout_bounds_the_whole_run() -> None:
    flaky = Flaky(99)
    started = time.monotonic()
    with pytest.raises(ConnectionError) as caught:
        retry_on_error(
            ConnectionError, max_retries=99, delay=0.02, backoff=1, jitter=0, timeout=0.1
        )(flaky)()
    assert time.monotonic() - started < 5, "99 retries would take long"
    assert 1 <= flaky.calls <= 6
    assert "timeout=0.1" in caught.value.__notes__[0]


def test_timeout_counts_from_the_first_try() -> None:
    flaky = Flaky(9)

    @fast(ConnectionError, timeout=0.05)
    def slow() -> str:
        time.sleep(0.1)
        return flaky()

    with pytest.raises(ConnectionError):
        slow()
    assert flaky.calls == 1


def test_on_retry_gets_a_number_that_knows_more() -> None:
    seen: list[Any] = []
    texts: list[str] = []

    def log_retry(attempt: Any) -> None:
        seen.append(attempt)
        texts.append(f"{attempt} {attempt + 1} {attempt!s} %d" % attempt)

    fast(ConnectionError, on_retry=log_retry, delay=0, max_retries=5)(Flaky(2))()
    assert texts == ["1 2 1 1", "2 3 2 2"]
    state = seen[1]
    assert isinstance(state, RetryState)
    assert isinstance(state.error, ConnectionError)
    assert (state.attempt, state.delay, state.max_retries) == (2, 0, 5)
    assert state.elapsed >= 0
    assert repr(state).startswith("RetryState(2, error=ConnectionError('refused')")


async def test_on_retry_and_sleep_may_be_async_where_the_work_is() -> None:
    told: list[int] = []

    async def tell(attempt: int) -> None:
        await asyncio.sleep(0)
        told.append(attempt)

    async def nap(seconds: float) -> None:
        told.append(-1)

    await fast(ConnectionError, on_retry=tell, sleep=nap)(Flaky(2).later)()
    assert told == [1, -1, 2, -1]


def test_async_callbacks_of_sync_work_are_refused() -> None:
    async def tell(attempt: int) -> None:
        raise AssertionError("is never awaited")

    with pytest.raises(TypeError, match="on_retry is async"):
        fast(ConnectionError, on_retry=tell)(Flaky(1))()


def test_an_error_of_on_retry_is_not_taken_for_the_works() -> None:
    def broken(attempt: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fast(Exception, on_retry=broken)(Flaky(1))()


def test_an_error_while_deciding_is_raised() -> None:
    def broken(error: Exception) -> float:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fast(ConnectionError, retry_after=broken)(Flaky(1))()
