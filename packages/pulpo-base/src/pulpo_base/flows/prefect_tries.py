"""The tries of a step on Prefect: what is told of them, and whether there is another."""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pulpo_base.flows.interruption import (
    THREAD_PATIENCE,
    StillActingError,
    goes_on,
    too_slow,
)
from pulpo_base.flows.keeping import KeptUnknownError, unknown
from pulpo_base.flows.retries import is_too_long, not_again, retry_delay, retryable_by_default
from pulpo_base.flows.run import StepEvent, StepEventKind
from pulpo_base.threads import ThreadCalls

if TYPE_CHECKING:
    from prefect import Task
    from prefect.client.schemas.objects import State, TaskRun

__all__ = ["TRIES", "StepTries", "retry_condition"]


@dataclass(slots=True)
class StepTries:
    """The tries of one step; `on_event` is told what happens to it."""

    operation: str
    on_event: Callable[[StepEvent], None] | None = None
    timeout: float | None = None
    count: int = 0
    began: float = 0.0
    is_kept: bool = False
    is_asking: bool = False
    is_given_up: bool = False
    unretried: str = ""
    calls: ThreadCalls = field(default_factory=ThreadCalls)
    input: Mapping[str, Any] = field(default_factory=dict)

    def tell(self, kind: StepEventKind, error: BaseException | None = None) -> None:
        """Say what happens to the step now, and after which error."""
        if self.on_event is not None:
            self.on_event(
                StepEvent(
                    kind=kind,
                    operation=self.operation,
                    at=datetime.now(UTC),
                    duration=time.monotonic() - self.began if self.began else 0.0,
                    attempt=max(self.count, 1),
                    error=error,
                    input=self.input,
                )
            )

    def meant(self, error: BaseException) -> BaseException:
        """Return the error that a step failed with: a timeout of Prefect's is one of ours."""
        from prefect.task_engine import TaskRunTimeoutError

        if not isinstance(error, TaskRunTimeoutError) or self.timeout is None:
            return error
        timeout: Exception = TimeoutError(too_slow(self.operation, self.timeout))
        if self.is_asking:
            timeout = KeptUnknownError(unknown(self.operation))
        elif self.is_given_up:
            timeout = StillActingError(f"{timeout}; {goes_on(self.operation)}")
        timeout.__cause__ = error
        return timeout


#: The tries of the step that runs.
TRIES: contextvars.ContextVar[StepTries] = contextvars.ContextVar("pulpo_step_tries")


def retry_condition(
    is_retryable: Callable[[BaseException], bool] | None = None,
    retry_after: Callable[[BaseException], float | None] | None = None,
) -> Callable[[Task[..., Any], TaskRun, State[Any]], Coroutine[Any, Any, bool]]:
    """Return the `retry_condition_fn` that repeats a task where `is_retryable(error)`.

    Without a function, connection errors, timeouts and those that say so are. What
    `retry_after(error)` says, in seconds, is waited for before Prefect's own delay begins, less
    that delay.
    """
    decide = is_retryable or retryable_by_default

    async def condition(_task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
        # Prefect puts the error itself into the state that it asks about.
        error = state.data
        tries = TRIES.get(None)
        if not isinstance(error, BaseException) or isinstance(error, KeptUnknownError):
            return False  # the store was asked for long enough
        asked = None if retry_after is None else retry_after(error)
        if is_too_long(asked) or not decide(error):
            if tries is not None:
                tries.unretried = not_again(error, asked)
            return False
        if tries is not None:
            tries.tell(StepEventKind.RETRYING, error)
            if not await tries.calls.over(THREAD_PATIENCE):
                tries.is_given_up = True
                return False
            tries.calls.clear()
        if asked is not None:
            attempt = tries.count if tries is not None else run.run_count
            await asyncio.sleep(max(asked - retry_delay(max(attempt, 1)), 0))
        return True

    return condition
