"""What generated Prefect code stands on, so that it behaves as the local engine does.

Generated modules use Prefect's own `@flow` and `@task`; these few names add what the two
engines must share: which errors are retried, and what a failed flow raises. Prefect itself is
imported only where one of its types is looked at.
"""

from __future__ import annotations

import asyncio
import contextvars
import secrets
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import nullcontext
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from pulpo_base.decorators import spec_of
from pulpo_base.flows.interruption import (
    is_cancelled,
)
from pulpo_base.flows.keeping import (
    KeptLater,
    KeptUnknownError,
    OutputStore,
    kept_output,
    kept_text,
)
from pulpo_base.flows.keys import step_key
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.flows.prefect_results import kept_as_configured
from pulpo_base.flows.prefect_tries import TRIES, StepTries, retry_condition
from pulpo_base.flows.retries import (
    retry_delays,
)
from pulpo_base.flows.run import FlowError, StepEvent, StepEventKind
from pulpo_base.flows.task_runners import performer
from pulpo_base.flows.undoing import undo
from pulpo_base.invocation import input_type, invoke, output_type
from pulpo_base.record_fields import record_values
from pulpo_base.runs.kept import KeptText
from pulpo_base.task_context import CURRENT_TASK, TaskContext
from pulpo_base.threads import THREAD_CALLS

if TYPE_CHECKING:
    from prefect.results import ResultStore

    from pulpo_base.flows.runtime import FlowRuntime

__all__ = [
    "StepGroup",
    "aliased",
    "given",
    "made",
    "retry_condition",
    "retry_delays",
    "run_operation",
]

T = TypeVar("T")


class StepGroup:
    """The steps of one flow run: an `asyncio.TaskGroup` that knows its tasks by operation.

    The first step that fails cancels the others, and the `async with` block raises a
    `FlowError` that names it, its cause being the operation's own error. Cancelling the flow
    cancels every step.
    """

    def __init__(
        self,
        flow: str,
        *,
        plan: FlowPlan | None = None,
        runtime: FlowRuntime | None = None,
        run: str = "",
        on_event: Callable[[StepEvent], None] | None = None,
        kept: OutputStore | None = None,
        resumes: bool = False,
    ) -> None:
        """`flow` is the dotted name of the flow, `run` the id that keys of steps are made of.

        With a `plan` and a `runtime`, steps are undone where the flow fails. `on_event` is told
        what happens to steps. What they return is put into `kept`; where the run `resumes`
        another, steps whose outputs are there do not run again. `prefect_results` is where the
        flow keeps results, if the steps keep theirs nowhere.
        """
        self.flow = flow
        self.plan = plan
        self.runtime = runtime
        self.run = run or secrets.token_hex(16)
        self.on_event = on_event
        self.kept = kept
        self.resumes = resumes
        self.outputs: dict[str, Any] = {}
        self.begun: dict[str, tuple[StepTries, str]] = {}
        self.keeping = None if kept is None else KeptLater(kept)
        self.prefect_results: ResultStore | None = None
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
        except asyncio.CancelledError:
            self._tell_acting()
            raise
        finally:
            if self.keeping is not None:
                await self.keeping.done()
        if self._failure is not None:
            if not isinstance(self._failure.__cause__, KeptUnknownError):
                await self._undo()
            self._tell_acting()
            raise self._failure

    def _tell_acting(self) -> None:
        for tries, _ in self.begun.values():
            if tries.calls.is_acting:
                tries.tell(StepEventKind.ACTING)

    async def _undo(self) -> None:
        if self.plan is None or self.runtime is None:
            return
        store = self.kept

        async def forget(step: str) -> None:
            if store is not None:
                await store.forget(self.begun[step][1])

        undone = await undo(
            self.plan,
            self.runtime.operations,
            inputs={name: tries.input for name, (tries, _) in self.begun.items()},
            outputs=self.outputs,
            calls={name: tries.calls for name, (tries, _) in self.begun.items()},
            around=self.runtime.around,
            forget=forget,
        )
        for one in undone:
            self.begun[one.step][0].tell(StepEventKind.UNDONE, one.error)

    def start(self, operation: Callable[..., Any], step: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start the step that runs `operation`; the steps after it await the task returned."""
        return self._group.create_task(self._step(operation, step), name=_name(operation))

    async def _step(self, operation: Callable[..., Any], step: Coroutine[Any, Any, T]) -> T:
        tries = StepTries(_name(operation), self.on_event)
        _group.set(self)
        TRIES.set(tries)
        THREAD_CALLS.set(tries.calls)
        try:
            output = await step
        except asyncio.CancelledError as error:
            if is_cancelled():
                if tries.count:
                    tries.tell(StepEventKind.CANCELLED)
                raise
            failure = self._failed(operation, tries, error)
        except Exception as error:  # noqa: BLE001  # raised below, as the cause
            failure = self._failed(operation, tries, error)
        else:
            self.outputs[tries.operation] = output
            tries.tell(StepEventKind.KEPT if tries.is_kept else StepEventKind.FINISHED)
            return output
        raise failure

    def _failed(
        self, operation: Callable[..., Any], tries: StepTries, error: BaseException
    ) -> FlowError:
        # A step that awaits the failed one meets its error: the first is the real one.
        if self._failure is None:
            cause = tries.meant(error)
            self._failure = FlowError.of(
                cause,
                flow=self.flow,
                operation=tries.operation,
                attempts=max(tries.count, 1),
                function=operation,
                unretried=tries.unretried,
            )
            self._failure.input = tries.input
            tries.tell(StepEventKind.FAILED, cause)
        return self._failure


#: The group of the step that runs.
_group: contextvars.ContextVar[StepGroup] = contextvars.ContextVar("pulpo_step_group")


async def run_operation(operation: Callable[..., Any], data: Any = None) -> Any:
    """Call an operation inside its Prefect task and return its output.

    As `pulpo_base.invoke`. The step's `StepGroup` learns which try this is; the operation can ask
    for its `current_task`.
    """
    from prefect.context import FlowRunContext, TaskRunContext

    group = _group.get(None)
    if group is None:
        return await invoke(operation, data)
    tries = TRIES.get()
    context = TaskRunContext.get()
    tries.timeout = context.task.timeout_seconds if context else None
    tries.input = _given_fields(data, input_type(operation))
    key = step_key(group.run, tries.operation, tries.input, operation)
    if group.kept is not None and group.resumes:
        tries.is_asking = True
        found = await kept_output(group.kept, key, tries.operation, output_type(operation))
        tries.is_asking = False
        if found is not None:
            tries.is_kept = True
            group.begun[tries.operation] = tries, key
            return found.output
    tries.count += 1
    if tries.count == 1:
        tries.began = time.monotonic()
        group.begun[tries.operation] = tries, key
        tries.tell(StepEventKind.STARTED)
    task = TaskContext(key, group.run, group.flow, tries.operation, tries.count)
    around = group.runtime.around if group.runtime else nullcontext
    flow = FlowRunContext.get()
    perform = performer(flow.task_runner) if flow else None
    if perform is None:
        CURRENT_TASK.set(task)
        with around(tries.operation), kept_as_configured(group.prefect_results):
            output = await invoke(operation, data)
    else:
        connect = group.runtime.connect if group.runtime else None
        output = await perform(operation, data, task, tries.timeout, connect, around)
    text = None if group.keeping is None else kept_text(output_type(operation), output)
    if group.keeping is not None and text is not None:
        # The steps after this one need not wait for it; the group does, at its end.
        group.keeping.add(KeptText(key, tries.operation, text))
    return output


def given(**parameters: Any) -> dict[str, Any]:
    """Return the parameters that are not `None`.

    For optional parameters whose default is `None` or made by a factory: left out of an input
    model, the operation's own default applies, and the field counts as not set.
    """
    return {name: value for name, value in parameters.items() if value is not None}


def made(kind: Callable[..., T], /, **fields: Any) -> T:
    """Return a typed dictionary of these fields."""
    return kind(**fields)


def aliased(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields by aliases that are no Python names, to be given to an input model."""
    return dict(fields)


def _given_fields(data: Any, kind: Any) -> dict[str, Any]:
    """Return the fields of an input that were given, as the local engine has them."""
    if data is None:
        return {}
    names = getattr(data, "model_fields_set", None)
    if names is None:
        return record_values(data, kind) or {"": data}
    return {name: getattr(data, name) for name in type(data).model_fields if name in names}


def _name(operation: Callable[..., Any]) -> str:
    spec = spec_of(operation)
    return spec.name if spec else operation.__qualname__
