"""What generated Prefect code stands on, so that it behaves as the local engine does.

Generated modules use Prefect's own `@flow` and `@task`; these few names add what the two
engines must share: which errors are retried, and what a failed flow raises. Prefect itself is
imported only where one of its types is looked at.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from pulpo_base.flows.interruption import is_cancelled, too_slow
from pulpo_base.flows.retries import retry_delays, retryable_by_default
from pulpo_base.flows.run import FlowError
from pulpo_base.invocation import invoke

if TYPE_CHECKING:
    from prefect import Task
    from prefect.client.schemas.objects import State, TaskRun

__all__ = ["StepGroup", "given", "retry_condition", "retry_delays", "run_operation"]

T = TypeVar("T")


@dataclass(slots=True)
class _Tries:
    operation: Callable[..., Any] | None = None
    timeout: float | None = None
    count: int = 0


_tries: contextvars.ContextVar[_Tries] = contextvars.ContextVar("pulpo_step_tries")


class StepGroup(asyncio.TaskGroup):
    """The steps of one flow run: an `asyncio.TaskGroup` whose tasks are named after operations.

    The first step that fails cancels the others, and the `async with` block raises a
    `FlowError` that names it, its cause being the operation's own error. Cancelling the flow
    cancels every step.
    """

    def __init__(self, flow: str) -> None:
        """`flow` is the dotted name of the flow."""
        super().__init__()
        self.flow = flow
        self._failure: FlowError | None = None

    def create_task(
        self,
        coro: Coroutine[Any, Any, T],
        *,
        name: str | None = None,
        context: contextvars.Context | None = None,
    ) -> asyncio.Task[T]:
        """Start a step; `name` is its operation."""
        return super().create_task(self._step(coro, name or ""), name=name, context=context)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            await super().__aexit__(kind, error, traceback)
        except BaseExceptionGroup:
            if self._failure is None:
                raise
        if self._failure is not None:
            raise self._failure

    async def _step(self, step: Coroutine[Any, Any, T], operation: str) -> T:
        tries = _Tries()
        _tries.set(tries)
        try:
            return await step
        except asyncio.CancelledError as error:
            if is_cancelled():
                raise
            self._failed(operation, tries, error)
            raise
        except Exception as error:
            self._failed(operation, tries, error)
            raise

    def _failed(self, operation: str, tries: _Tries, error: BaseException) -> None:
        # A step that awaited the failed one meets the same error: the first is the real one.
        if self._failure is None:
            self._failure = FlowError.of(
                _own_timeout(error, operation, tries),
                flow=self.flow,
                operation=operation,
                attempts=max(tries.count, 1),
                function=tries.operation,
            )
