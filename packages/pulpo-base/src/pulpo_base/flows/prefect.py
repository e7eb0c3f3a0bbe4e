"""What generated Prefect code stands on, so that it behaves as the local engine does.

Generated modules use Prefect's own `@flow` and `@task`; these few names add what the two
engines must share: which errors are retried, and what a failed flow raises. Prefect itself is
imported only where one of its types is looked at.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from pulpo_base.decorators import spec_of
from pulpo_base.flows.interruption import is_cancelled, too_slow
from pulpo_base.flows.retries import retry_delays, retryable_by_default
from pulpo_base.flows.run import FlowError
from pulpo_base.invocation import invoke

if TYPE_CHECKING:
    from prefect import Task
    from prefect.client.schemas.objects import State, TaskRun

__all__ = ["StepGroup", "aliased", "given", "retry_condition", "retry_delays", "run_operation"]

T = TypeVar("T")


@dataclass(slots=True)
class _Tries:
    timeout: float | None = None
    count: int = 0


_tries: contextvars.ContextVar[_Tries] = contextvars.ContextVar("pulpo_step_tries")


class StepGroup:
    """The steps of one flow run: an `asyncio.TaskGroup` that knows its tasks by operation.

    The first step that fails cancels the others, and the `async with` block raises a
    `FlowError` that names it, its cause being the operation's own error. Cancelling the flow
    cancels every step.
    """

    def __init__(self, flow: str) -> None:
        """`flow` is the dotted name of the flow."""
        self.flow = flow
        self._group = asyncio.TaskGroup()
        self._failure: FlowError | None = None

    async def __aenter__(self) -> StepGroup:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            await self._group.__aexit__(kind, error, traceback)
        except BaseExceptionGroup:
            if self._failure is None:
                raise
        if self._failure is not None:
            raise self._failure

    def start(self, operation: Callable[..., Any], step: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start the step that runs `operation`; the steps after it await the task returned."""
        return self._group.create_task(self._step(operation, step), name=_name(operation))

    async def _step(self, operation: Callable[..., Any], step: Coroutine[Any, Any, T]) -> T:
        tries = _Tries()
        _tries.set(tries)
        try:
            return await step
        except asyncio.CancelledError as error:
            if is_cancelled():
                raise
            failure = self._failed(operation, tries, error)
        except Exception as error:  # noqa: BLE001  # raised below, as the cause
            failure = self._failed(operation, tries, error)
        raise failure

    def _failed(
        self, operation: Callable[..., Any], tries: _Tries, error: BaseException
    ) -> FlowError:
        # A step that awaits the failed one meets its error: the first is the real one.
        if self._failure is None:
            self._failure = FlowError.of(
                _own_timeout(error, _name(operation), tries),
                flow=self.flow,
                operation=_name(operation),
                attempts=max(tries.count, 1),
                function=operation,
            )
        return self._failure


async def run_operation(operation: Callable[..., Any], data: Any = None) -> Any:
    """Call an operation inside its Prefect task and return its output.

    As `pulpo_base.invoke`, and the step's `StepGroup` learns which try this is.
    """
    from prefect.context import TaskRunContext

    tries = _tries.get(None)
    if tries is not None:
        context = TaskRunContext.get()
        tries.timeout = context.task.timeout_seconds if context else None
        tries.count += 1
    return await invoke(operation, data)


def retry_condition(
    is_retryable: Callable[[BaseException], bool] | None = None,
) -> Callable[[Task[..., Any], TaskRun, State[Any]], bool]:
    """Return the `retry_condition_fn` that repeats a task where `is_retryable(error)`.

    Without a function, every error but invalid input and output is worth another try.
    """
    decide = is_retryable or retryable_by_default

    def condition(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
        # Prefect puts the error itself into the state that it asks about.
        return isinstance(state.data, BaseException) and decide(state.data)

    return condition


def given(**parameters: Any) -> dict[str, Any]:
    """Return the parameters that are not `None`.

    For optional parameters whose default is `None` or made by a factory: left out of an input
    model, the operation's own default applies, and the field counts as not set.
    """
    return {name: value for name, value in parameters.items() if value is not None}


def aliased(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields by aliases that are no Python names, to be given to an input model."""
    return dict(fields)


def _own_timeout(error: BaseException, operation: str, tries: _Tries) -> BaseException:
    from prefect.task_engine import TaskRunTimeoutError

    if not isinstance(error, TaskRunTimeoutError) or tries.timeout is None:
        return error
    timeout = TimeoutError(too_slow(operation, tries.timeout))
    timeout.__cause__ = error
    return timeout


def _name(operation: Callable[..., Any]) -> str:
    spec = spec_of(operation)
    return spec.name if spec else operation.__qualname__
