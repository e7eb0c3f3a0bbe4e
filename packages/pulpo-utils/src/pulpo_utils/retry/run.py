"""One run of a retried piece of work, from its first failure on.

The first attempt needs nothing of this: a call that succeeds does not pay for the engine.
"""

from __future__ import annotations

import inspect
import time

from pulpo_utils.retry.state import RetryState

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    import tenacity

    from pulpo_utils.retry.policy import Policy

    OnRetry = Callable[[Any], Awaitable[object] | object]
    Sleep = Callable[[float], Awaitable[object] | object]

__all__ = ["Run", "was_retried"]


class Run:
    """Decides after each failure, tells `on_retry`, and waits."""

    def __init__(
        self, policy: Policy, on_retry: OnRetry | None, sleep: Sleep | None, started: float
    ) -> None:
        self._policy = policy
        self._on_retry = on_retry
        self._sleep = sleep
        self._started = started
        self._retrying: tenacity.Retrying | None = None
        self._state: tenacity.RetryCallState | None = None
        self._next: RetryState | None = None

    @property
    def attempts(self) -> int:
        """Attempts begun so far."""
        return 1 if self._state is None else self._state.attempt_number

    def goes_on_after(self, error: Exception) -> bool:
        """Whether another attempt is due. If not, the error is marked with the attempts made."""
        import tenacity

        if self._retrying is None or self._state is None:
            self._retrying = self._policy.retrying()
            self._retrying.begin()
            self._state = tenacity.RetryCallState(self._retrying, None, (), {})
            self._state.start_time = self._started
        state = self._state
        traceback = error.__traceback__
        state.set_exception((type(error), error, traceback))
        try:
            action: Any = self._retrying.iter(state)
        except Exception as raised:
            if raised is not error:  # a callback of the caller's failed
                raise
            error.__traceback__ = traceback  # without the frames of the engine
            self._mark(error, state)
            return False
        self._next = RetryState(
            state.attempt_number,
            error=error,
            delay=float(action),
            elapsed=time.monotonic() - self._started,
            max_retries=self._policy.max_retries,
        )
        state.prepare_for_next_attempt()
        return True

    def wait(self) -> None:
        """Tell `on_retry` and sleep, for synchronous work."""
        if self._next is None:
            return
        if self._on_retry is not None:
            _refuse_awaitable(self._on_retry(self._next), "on_retry")
        if self._sleep is None:
            time.sleep(self._next.delay)
        else:
            _refuse_awaitable(self._sleep(self._next.delay), "sleep")

    async def wait_async(self) -> None:
        """Tell `on_retry` and sleep, for asynchronous work; both callbacks may be async."""
        if self._next is None:
            return
        if self._on_retry is not None:
            await _settled(self._on_retry(self._next))
        if self._sleep is None:
            import tenacity

            sleep: Sleep = tenacity.AsyncRetrying().sleep
            await _settled(sleep(self._next.delay))
        else:
            await _settled(self._sleep(self._next.delay))

    def _mark(self, error: Exception, state: tenacity.RetryCallState) -> None:
        matches = self._policy.matches(error)
        attempts = state.attempt_number
        if not matches and attempts == 1:
            return
        if not matches:
            reason = "this error is not one to retry on"
        elif attempts > self._policy.max_retries:
            reason = f"max_retries={self._policy.max_retries}"
        elif self._policy.asks_too_much(error):
            reason = "the error asks for a longer wait than max_retry_after"
        else:
            reason = f"timeout={self._policy.timeout}"
        plural = "" if attempts == 1 else "s"
        note = f"retry_on_error gave up after {attempts} attempt{plural} ({reason})"
        if note not in getattr(error, "__notes__", ()):  # the same object may be raised again
            error.add_note(note)
        error.__dict__["retry_attempts"] = attempts


def was_retried(error: BaseException) -> bool:
    """Whether `error` is the last one of a run."""
    return "retry_attempts" in error.__dict__


def _refuse_awaitable(value: object, name: str) -> None:
    if inspect.isawaitable(value):
        if inspect.iscoroutine(value):
            value.close()
        raise TypeError(f"{name} is async, but the retried work is not: give a plain function")


async def _settled(value: object) -> None:
    if inspect.isawaitable(value):
        await value
