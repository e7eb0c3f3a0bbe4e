"""`retry_on_error` in its four forms: decorator, `for`, `async for` and `with`."""

from __future__ import annotations

import time

from pulpo_utils._extras import require
from pulpo_utils._functions import refuse_generator, wraps_async
from pulpo_utils.retry.policy import Policy
from pulpo_utils.retry.run import Run, was_retried

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any, ParamSpec, Self, TypeVar

    from pulpo_utils.retry.run import OnRetry, Sleep

    P = ParamSpec("P")
    T = TypeVar("T")

__all__ = ["Attempt", "retry_on_error"]

_ONCE = (
    "retry_on_error did not retry: Python runs the body of a `with` once. Write "
    "`with retry_on_error(...) as retry: retry(fetch_data)`, "
    "`for attempt in retry_on_error(...):` with `with attempt:` inside, "
    "or decorate a function with `@retry_on_error(...)`."
)


class retry_on_error:  # noqa: N801 - used as a statement and as a decorator
    """Run something again when it raises one of `types`.

    As a decorator of a sync or async function; as `for attempt in retry_on_error(...): with
    attempt: ...` and `async for`; as `with retry_on_error(...) as retry: retry(fetch_data)`
    (`await retry(fetch_data)` for an async function). The body of a bare `with` runs once; an
    error that matches is raised again with a note that says so.

    - `types`: exception classes to retry on; none means whatever `is_retryable` says.
      `CancelledError`, `KeyboardInterrupt` and `SystemExit` are never retried.
    - `max_retries`: the number of retries after the first try: 3 means at most 4 attempts.
    - `on_retry`: called before each wait with a `RetryState`, which is the attempt's number and
      carries the error and the delay. May be async where the work is.
    - `delay`, `backoff`, `max_delay`: the wait is `delay` seconds, multiplied by `backoff` after
      each attempt, but not more than `max_delay`.
    - `jitter`: the share of a wait, 0 to 1, up to which it is shortened at random.
    - `timeout`: seconds from the first try after which no attempt begins; none is interrupted.
    - `retry_after`: whether a `retry_after` or `Retry-After` on the error takes the place of the
      computed wait; or a function that reads the seconds from the error. If it asks for more than
      `max_retry_after` seconds, the error is raised at once.
    - `sleep`: what waits instead of `time.sleep` or `asyncio.sleep`.

    The last error is raised as it is. It has a note with the number of attempts, and the number
    itself in `retry_attempts`. Raises `MissingExtraError` without the `retry` extra.

    >>> tries = []
    >>> @retry_on_error(ConnectionError, max_retries=2, delay=0, on_retry=tries.append)
    ... def fetch():
    ...     if len(tries) < 2:
    ...         raise ConnectionError("refused")
    ...     return "page"
    >>> fetch(), tries == [1, 2]
    ('page', True)
    """

    def __init__(
        self,
        *types: type[BaseException],
        max_retries: int = 3,
        on_retry: OnRetry | None = None,
        delay: float = 0.1,
        backoff: float = 2.0,
        jitter: float = 0.5,
        max_delay: float = 60.0,
        timeout: float | None = None,
        retry_after: bool | Callable[[Exception], float | None] = True,
        max_retry_after: float = 3600.0,
        sleep: Sleep | None = None,
    ) -> None:
        require("tenacity", extra="retry", needed_by="retry_on_error")
        if on_retry is not None and not callable(on_retry):
            raise TypeError(f"on_retry must be a function of the attempt, not {on_retry!r}")
        self._policy = Policy(
            types,
            max_retries=max_retries,
            delay=delay,
            backoff=backoff,
            jitter=jitter,
            max_delay=max_delay,
            timeout=timeout,
            retry_after=retry_after,
            max_retry_after=max_retry_after,
        )
        self._on_retry = on_retry
        self._sleep = sleep

    def _run(self, started: float) -> Run:
        return Run(self._policy, self._on_retry, self._sleep, started)

    def __call__(self, function: Callable[P, T]) -> Callable[P, T]:
        """Decorate a sync or async function."""
        from functools import wraps

        refuse_generator(function, "retry_on_error", "`for attempt in retry_on_error(...)` in it")
        if wraps_async(function):
            return self._around_async(function)

        @wraps(function)
        def retried(*args: P.args, **kwargs: P.kwargs) -> T:
            return self._call(function, args, kwargs)

        return retried

    def _around_async(self, function: Callable[P, Any]) -> Callable[P, Any]:
        from functools import wraps

        @wraps(function)
        async def retried(*args: P.args, **kwargs: P.kwargs) -> Any:
            return await self._call_async(function, args, kwargs)

        return retried

    def _call(self, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
        run = None
        started = time.monotonic()
        while True:
            try:
                result = function(*args, **kwargs)
            except Exception as error:
                run = run or self._run(started)
                if not run.goes_on_after(error):
                    raise
            else:
                return _refuse_coroutine(result)
            run.wait()

    async def _call_async(
        self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        run = None
        started = time.monotonic()
        while True:
            try:
                return await function(*args, **kwargs)
            except Exception as error:
                run = run or self._run(started)
                if not run.goes_on_after(error):
                    raise
            await run.wait_async()

    def __iter__(self) -> _Attempts:
        return _Attempts(self._run(time.monotonic()))

    def __aiter__(self) -> _Attempts:
        return _Attempts(self._run(time.monotonic()))

    def __enter__(self) -> Callable[..., Any]:
        return self._retry

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None and self._policy.matches(error) and not was_retried(error):
            error.add_note(_ONCE)

    async def __aenter__(self) -> Callable[..., Any]:
        return self._retry

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.__exit__(exc_type, error, traceback)

    def _retry(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Call `function` until it succeeds; what `with retry_on_error(...) as retry` gives."""
        return self(function)(*args, **kwargs)


class Attempt:
    """One pass of the loop; the work goes into `with attempt:`."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self.number = run.attempts
        """1 for the first."""
        self._entered = False
        self._failed = False

    def __enter__(self) -> Self:
        self._entered = True
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        self._failed = isinstance(error, Exception) and self._run.goes_on_after(error)
        return self._failed

    def is_last(self) -> bool:
        """Whether the loop is over after this attempt."""
        if not self._entered:
            raise RuntimeError("put the work of each attempt inside `with attempt:`")
        return not self._failed


class _Attempts:
    """The iterator behind `for` and `async for`."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._last: Attempt | None = None

    def __iter__(self) -> Self:
        return self

    def __aiter__(self) -> Self:
        return self

    def __next__(self) -> Attempt:
        if self._last is not None:
            if self._last.is_last():
                raise StopIteration
            self._run.wait()
        self._last = Attempt(self._run)
        return self._last

    async def __anext__(self) -> Attempt:
        if self._last is not None:
            if self._last.is_last():
                raise StopAsyncIteration
            await self._run.wait_async()
        self._last = Attempt(self._run)
        return self._last


def _refuse_coroutine(result: T) -> T:
    """Refuse a coroutine: it would fail after the retries are over."""
    if hasattr(result, "cr_await") and hasattr(result, "close"):
        result.close()
        raise TypeError(
            "retry_on_error wraps a plain function that returns a coroutine, whose errors it "
            "would never see: pass the `async def` function itself"
        )
    return result
