"""`retry_on_error` in all its forms: what is run again, and how often."""

from __future__ import annotations

import asyncio
import concurrent.futures
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulpo_utils.exceptions import (
    RateLimitError,
    ScrapingError,
    ValidationError,
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


def fail_into(calls: list[int]) -> None:
    calls.append(1)
    raise ConnectionError("refused")


def fast(*types: Any, **options: Any) -> retry_on_error:
    return retry_on_error(*types, **{"delay": 0, **options})


@settings(deadline=None)
@given(failures=st.integers(0, 8), max_retries=st.integers(0, 6))
def test_max_retries_counts_retries_after_the_first_try(failures: int, max_retries: int) -> None:
    flaky = Flaky(failures)
    told: list[int] = []
    work = fast(ConnectionError, max_retries=max_retries, on_retry=told.append)(flaky)
    if failures <= max_retries:
        assert work("value") == "value"
        assert flaky.calls == failures + 1
    else:
        with pytest.raises(ConnectionError) as caught:
            work()
        assert flaky.calls == max_retries + 1
        assert caught.value.retry_attempts == flaky.calls  # type: ignore[attr-defined]
    assert told == list(range(1, min(failures, max_retries) + 1))


@settings(max_examples=30, deadline=None)
@given(failures=st.integers(0, 4), max_retries=st.integers(0, 4))
def test_every_form_makes_the_same_attempts(failures: int, max_retries: int) -> None:  # noqa: C901
    def by_decorator(flaky: Flaky, retry: retry_on_error) -> str:
        result: str = retry(flaky)()
        return result

    def by_with(flaky: Flaky, retry: retry_on_error) -> str:
        with retry as call:
            result: str = call(flaky)
        return result

    def by_for(flaky: Flaky, retry: retry_on_error) -> str:
        for attempt in retry:
            with attempt:
                result = flaky()
        return result

    def by_async_decorator(flaky: Flaky, retry: retry_on_error) -> Any:
        return asyncio.run(_run(retry(flaky.later)()))

    def by_async_for(flaky: Flaky, retry: retry_on_error) -> str:
        async def work() -> str:
            async for attempt in retry:
                with attempt:
                    result = await flaky.later()
            return result

        return asyncio.run(work())

    def by_async_with(flaky: Flaky, retry: retry_on_error) -> str:
        async def work() -> str:
            async with retry as call:
                result: str = await call(flaky.later)
            return result

        return asyncio.run(work())

    outcomes = []
    forms = (by_decorator, by_with, by_for, by_async_decorator, by_async_for, by_async_with)
    for form in forms:
        flaky = Flaky(failures)
        try:
            outcome = form(flaky, fast(ConnectionError, max_retries=max_retries))
        except ConnectionError as error:
            outcome = f"{error.retry_attempts} {error.__notes__}"  # type: ignore[attr-defined]
        outcomes.append((outcome, flaky.calls))
    assert len(set(outcomes)) == 1, outcomes


async def _run(work: Any) -> Any:
    return await work


def test_the_last_error_is_raised_as_it_is_and_marked() -> None:
    errors = [ScrapingError("first"), ScrapingError("second")]

    @fast(ScrapingError, max_retries=1)
    def work() -> None:
        raise errors.pop(0)

    last = errors[-1]
    with pytest.raises(ScrapingError) as caught:
        work()
    assert caught.value is last
    assert caught.value.__cause__ is None
    assert caught.value.__notes__ == ["retry_on_error gave up after 2 attempts (max_retries=1)"]


async def test_the_traceback_shows_the_work_and_not_the_engine() -> None:
    async def work() -> None:
        raise ConnectionError("refused")

    with pytest.raises(ConnectionError) as caught:
        await fast(ConnectionError)(work)()
    names = [entry.name for entry in caught.traceback]
    assert names[-1] == "work"
    assert all("tenacity" not in str(entry.path) for entry in caught.traceback)


def test_an_error_that_is_raised_again_and_again_gets_one_note() -> None:
    error = ConnectionError("always the same")

    @fast(ConnectionError)
    def work() -> None:
        raise error

    for _ in range(3):
        with pytest.raises(ConnectionError):
            work()
    assert len(error.__notes__) == 1


def test_a_bare_with_runs_once_and_says_so() -> None:
    calls: list[int] = []
    with pytest.raises(ConnectionError) as caught, retry_on_error(ConnectionError, max_retries=3):
        fail_into(calls)
    assert calls == [1]
    assert "did not retry" in caught.value.__notes__[0]
    assert "retry(fetch_data)" in caught.value.__notes__[0]


async def test_a_bare_async_with_runs_once_and_says_so() -> None:
    with pytest.raises(ConnectionError) as caught:
        async with retry_on_error(ConnectionError):
            raise ConnectionError("refused")
    assert "did not retry" in caught.value.__notes__[0]


def test_a_with_says_nothing_about_other_errors_or_after_real_retries() -> None:
    with pytest.raises(KeyError) as other, fast(ConnectionError):
        raise KeyError("a")
    assert not hasattr(other.value, "__notes__")
    with pytest.raises(ConnectionError) as tried, fast(ConnectionError, max_retries=1) as retry:
        retry(Flaky(9))
    assert tried.value.__notes__ == ["retry_on_error gave up after 2 attempts (max_retries=1)"]


def test_without_types_what_is_retryable_is_retried() -> None:
    assert fast()(Flaky(2, RateLimitError))() == "done"
    flaky = Flaky(1, ValidationError)
    with pytest.raises(ValidationError):
        fast()(flaky)()
    assert flaky.calls == 1


def test_another_error_ends_the_run_at_once() -> None:
    errors: list[Exception] = [ConnectionError("one"), KeyError("two"), ConnectionError("three")]

    @fast(ConnectionError)
    def work() -> None:
        raise errors.pop(0)

    with pytest.raises(KeyError) as caught:
        work()
    assert len(errors) == 1
    assert "2 attempts (this error is not one to retry on)" in caught.value.__notes__[0]


@pytest.mark.parametrize(
    "error",
    [
        asyncio.CancelledError,
        KeyboardInterrupt,
        SystemExit,
        GeneratorExit,
        concurrent.futures.CancelledError,
    ],
)
def test_cancellation_and_exit_are_never_retried(error: type[BaseException]) -> None:
    for types in [(BaseException,), (error,), ()]:
        flaky = Flaky(1, error)
        with pytest.raises(error):
            fast(*types)(flaky)()
        assert flaky.calls == 1
    flaky = Flaky(1, error)

    def loop() -> None:
        for attempt in fast(BaseException):
            with attempt:
                flaky()

    with pytest.raises(error):
        loop()
    assert flaky.calls == 1


async def test_a_cancelled_task_stops_retrying() -> None:
    calls = []
    called = asyncio.Event()

    @retry_on_error(BaseException, delay=30)
    async def work() -> None:
        calls.append(1)
        called.set()
        raise ConnectionError

    task = asyncio.create_task(work())
    await called.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert calls == [1]


def test_the_loop_ends_on_success_and_can_be_left() -> None:
    numbers = []
    for attempt in fast(ConnectionError):
        with attempt:
            numbers.append(attempt.number)
            if attempt.number < 3:
                raise ConnectionError
    assert numbers == [1, 2, 3]
    for attempt in fast(ConnectionError):
        with attempt:
            break
    assert attempt.number == 1


def test_a_loop_without_with_attempt_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="inside `with attempt:`"):
        for _ in fast(ConnectionError):
            pass


async def test_an_async_loop_without_with_attempt_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="inside `with attempt:`"):
        async for _ in fast(ConnectionError):
            pass


def test_a_policy_can_be_shared_by_nested_and_parallel_runs() -> None:
    retry = fast(ConnectionError, max_retries=2)

    @retry
    def inner() -> None:
        raise ConnectionError("inner")

    calls = []

    @retry
    def outer() -> None:
        calls.append(1)
        inner()

    with pytest.raises(ConnectionError):
        outer()
    assert len(calls) == 3
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda n: retry(Flaky(2))(str(n)), range(20)))
    assert results == [str(n) for n in range(20)]


def test_functions_keep_their_names_and_arguments() -> None:
    @retry_on_error(ConnectionError)
    def fetch(url: str, *, page: int = 1) -> str:
        """Fetch."""
        return f"{url}?{page}"

    assert (fetch("u", page=2), fetch.__name__, fetch.__doc__) == ("u?2", "fetch", "Fetch.")
    with retry_on_error(ConnectionError) as retry:
        assert retry(fetch, "u", page=3) == "u?3"


def test_a_function_that_returns_a_coroutine_is_refused() -> None:
    flaky = Flaky(1)
    with retry_on_error(ConnectionError) as retry, pytest.raises(TypeError, match="async def"):
        retry(lambda: flaky.later("x"))


async def test_partials_and_objects_with_an_async_call_are_async() -> None:
    from functools import partial

    class Client:
        def __init__(self) -> None:
            self.flaky = Flaky(1)

        async def __call__(self) -> str:
            return await self.flaky.later()

    assert await fast(ConnectionError)(partial(Flaky(1).later, "x"))() == "x"
    assert await fast(ConnectionError)(Client())() == "done"


def test_generators_are_refused_with_a_remedy() -> None:
    def rows() -> Any:
        yield 1

    with pytest.raises(TypeError, match="cannot decorate the generator"):
        retry_on_error(ConnectionError)(rows)


@pytest.mark.parametrize(
    ("types", "options", "match"),
    [
        ([lambda: None], {}, "write @retry_on_error"),
        ([ConnectionError("x")], {}, "exception classes, not ConnectionError"),
        ([], {"max_retries": -1}, "max_retries=-1: the number of retries after the first try"),
        ([], {"max_retries": 1.5}, "max_retries=1.5"),
        ([], {"max_retries": True}, "max_retries=True"),
        ([], {"delay": -1}, "delay=-1: must be 0 or more"),
        ([], {"delay": "1"}, "delay='1': a number is wanted"),
        ([], {"delay": float("nan")}, "a number is wanted"),
        ([], {"backoff": 0.5}, "backoff=0.5: must be 1 or more"),
        ([], {"jitter": 2}, "jitter=2: must be between 0 and 1"),
        ([], {"timeout": -1}, "timeout=-1"),
        ([], {"on_retry": 3}, "on_retry must be a function"),
    ],
)
def test_wrong_arguments_are_named_at_once(
    types: list[Any], options: dict[str, Any], match: str
) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        retry_on_error(*types, **options)
