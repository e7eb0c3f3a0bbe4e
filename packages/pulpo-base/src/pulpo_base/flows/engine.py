"""The local engine: a plan run on asyncio, in this process, at once."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pulpo_base.flows.inputs import given_parameters, input_data, step_fields
from pulpo_base.flows.interruption import (
    THREAD_PATIENCE,
    StillActingError,
    goes_on,
    is_cancelled,
    too_slow,
)
from pulpo_base.flows.keeping import KeptUnknownError, OutputStore, kept_output, kept_text
from pulpo_base.flows.keys import step_key
from pulpo_base.flows.limits import TagLimits
from pulpo_base.flows.plan import FlowPlan, FlowStep
from pulpo_base.flows.retries import is_too_long, not_again, retry_delay, retryable_by_default
from pulpo_base.flows.run import (
    FlowError,
    FlowRun,
    FlowStatus,
    StepEvent,
    StepEventKind,
    StepTiming,
)
from pulpo_base.flows.undoing import undo
from pulpo_base.invocation import invoke, output_type
from pulpo_base.runs.kept import KeptText
from pulpo_base.task_context import CURRENT_TASK, TaskContext
from pulpo_base.threads import THREAD_CALLS, ThreadCalls

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["run_plan"]

Operation = Callable[..., Any]

_log = logging.getLogger(__name__)


async def run_plan(
    plan: FlowPlan,
    operations: Mapping[str, Operation],
    parameters: BaseModel | Mapping[str, Any],
    *,
    is_retryable: Callable[[BaseException], bool] | None = None,
    retry_after: Callable[[BaseException], float | None] | None = None,
    around: Callable[[str], AbstractContextManager[Any]] = nullcontext,
    on_event: Callable[[StepEvent], None] | None = None,
    run: str = "",
    kept: OutputStore | None = None,
    resumes: bool = False,
    limits: TagLimits | None = None,
) -> FlowRun:
    """Run every step of `plan` and return outputs and timings.

    A step starts when all steps it comes `after` have finished; steps without a path between
    them run at the same time. `parameters` is the flow's parameters model, or a mapping of the
    parameters that are given; what is not given is left to the operation's own default. A try
    that failed is made again, up to `step.retries` times, where `is_retryable(error)`; without
    that function, for connection errors, timeouts and those that say so (`retryable`). The wait
    between two tries grows, or is what `retry_after(error)` says, in seconds. Each try is made
    within `around(operation)`.
    `on_event` is called in the event loop and must not block. A synchronous operation runs in a
    thread, which nothing can stop: after a timeout or a cancellation it goes on. What would act
    beside it, another try or an undoing, waits for it for half a minute and is given up then.

    `run` is the id that keys of steps are made of, by default one of its own; a run that resumes
    another has the id of the first. What steps return is put into `kept`, where that can be
    reached; where the run `resumes` another, steps whose outputs are there do not run again.
    A step whose tags are limited by `limits` waits until there are few enough others.

    Raises `TypeError` for parameters that are missing or unknown and `ValueError` for a plan
    that cannot run with `operations`, both before any step starts; `FlowError` where a step
    failed for good: steps beside it are cancelled, those that have an `on_failure` are undone, and
    the error carries the partial run. Where `kept` cannot say whether a step is done already, the
    error's cause is `KeptUnknownError`, and nothing is undone.
    Cancelling the call cancels every step.
    """
    given = given_parameters(plan, parameters)
    _check(plan, operations)
    execution = _Execution(
        plan=plan,
        operations=operations,
        parameters=given,
        is_retryable=is_retryable or retryable_by_default,
        retry_after=retry_after or _never_says,
        around=around,
        on_event=on_event,
        name=run or secrets.token_hex(16),
        kept=kept,
        resumes=resumes,
        limits=limits or TagLimits(),
        run=FlowRun(flow=plan.name, started_at=datetime.now(UTC)),
        done={step.operation: asyncio.Event() for step in plan.steps},
    )
    return await execution.complete()


def _check(plan: FlowPlan, operations: Mapping[str, Operation]) -> None:
    # A predecessor that never comes would leave its successors waiting for ever.
    before: dict[str, set[str]] = {}
    for step in plan.steps:
        name = f"flow {plan.name!r}: {step.operation!r}"
        if step.operation not in operations:
            raise ValueError(f"{name} is not among the operations given")
        unknown = sorted(set(step.after) - before.keys())
        if unknown:
            raise ValueError(f"{name} comes after {unknown[0]!r}, which is no step before it")
        before[step.operation] = {*step.after}.union(*(before[other] for other in step.after))
        for binding in step.bindings:
            if binding.step and binding.step not in before[step.operation]:
                raise ValueError(
                    f"{name} takes {binding}, but does not come after {binding.step!r}"
                )


@dataclass(slots=True)
class _Step:
    """A step while it runs."""

    plan: FlowStep
    started: float
    started_at: datetime
    attempt: int = 1
    unretried: str = ""
    input: dict[str, Any] = field(default_factory=dict)
    calls: ThreadCalls = field(default_factory=ThreadCalls)


@dataclass(slots=True)
class _Execution:
    plan: FlowPlan
    operations: Mapping[str, Operation]
    parameters: Mapping[str, Any]
    is_retryable: Callable[[BaseException], bool]
    retry_after: Callable[[BaseException], float | None]
    around: Callable[[str], AbstractContextManager[Any]]
    on_event: Callable[[StepEvent], None] | None
    name: str
    kept: OutputStore | None
    resumes: bool
    limits: TagLimits
    run: FlowRun
    done: dict[str, asyncio.Event]
    begun: dict[str, _Step] = field(default_factory=dict)

    async def complete(self) -> FlowRun:
        failure: Exception | None = None
        try:
            async with asyncio.TaskGroup() as group:
                for step in self.plan.steps:
                    group.create_task(self.step(step), name=step.operation)
            self.run.status = FlowStatus.COMPLETED
        except ExceptionGroup as errors:
            self.run.status = FlowStatus.FAILED
            # In the order of their failing; the others failed while they were being cancelled.
            failure = errors.exceptions[0]
        except BaseException:
            self.run.status = FlowStatus.CANCELLED
            self.tell_acting()
            raise
        finally:
            self.run.finished_at = datetime.now(UTC)
        if failure is None:
            return self.run
        if isinstance(failure, FlowError):
            failure.run = self.run
        if not isinstance(failure.__cause__, KeptUnknownError):
            await self.undo()
        self.tell_acting()
        raise failure

    def tell_acting(self) -> None:
        for step in self.begun.values():
            if step.calls.is_acting:
                self.tell(step, StepEventKind.ACTING)

    async def undo(self) -> None:
        store = self.kept

        async def forget(step: str) -> None:
            if store is not None:
                await store.forget(self.key(step, self.begun[step].input))

        undone = await undo(
            self.plan,
            self.operations,
            inputs={name: step.input for name, step in self.begun.items()},
            outputs=self.run.outputs,
            calls={name: step.calls for name, step in self.begun.items()},
            around=self.around,
            forget=forget,
        )
        for one in undone:
            self.tell(self.begun[one.step], StepEventKind.UNDONE, one.error)

    def key(self, operation: str, fields: Mapping[str, Any]) -> str:
        return step_key(self.name, operation, fields, self.operations[operation])

    async def step(self, step: FlowStep) -> None:
        for before in step.after:
            await self.done[before].wait()
        current = _Step(step, time.monotonic(), datetime.now(UTC))
        function = self.operations[step.operation]
        try:
            output = await self.output(current, function)
        except asyncio.CancelledError as error:
            self.ended(current)
            if is_cancelled():
                self.tell(current, StepEventKind.CANCELLED)
                raise
            # The operation let a cancellation of its own escape. A task group takes that for a
            # quiet end, and the steps that wait for this one would never start.
            raise self.failed(current, function, error) from error
        except Exception as error:
            self.ended(current)
            raise self.failed(current, function, error) from error
        self.ended(current)
        self.run.outputs[step.operation] = output
        is_kept = step.operation in self.run.kept
        self.tell(current, StepEventKind.KEPT if is_kept else StepEventKind.FINISHED)
        self.done[step.operation].set()

    async def output(self, current: _Step, function: Operation) -> Any:
        step = current.plan
        current.input = step_fields(step, parameters=self.parameters, outputs=self.run.outputs)
        key = self.key(step.operation, current.input)
        if self.kept is not None and self.resumes:
            found = await kept_output(self.kept, key, step.operation, output_type(function))
            if found is not None:
                self.run.kept.add(step.operation)
                self.begun[step.operation] = current
                return found.output
        async with self.limits.hold(step.all_tags):
            current.started, current.started_at = time.monotonic(), datetime.now(UTC)
            self.begun[step.operation] = current
            self.tell(current, StepEventKind.STARTED)
            output = await self.tries(current, function, key)
        if self.kept is not None:
            text = kept_text(output_type(function), output)
            if text is not None:
                try:
                    await self.kept.keep([KeptText(key, step.operation, text)])
                except Exception as error:  # noqa: BLE001 - the step itself did what it should
                    _log.warning("what %s returned could not be kept: %s", step.operation, error)
        return output

    async def tries(self, current: _Step, function: Operation, key: str) -> Any:
        step = current.plan
        data = input_data(function, current.input)
        THREAD_CALLS.set(current.calls)
        while True:
            task = TaskContext(key, self.name, self.plan.name, step.operation, current.attempt)
            CURRENT_TASK.set(task)
            try:
                with self.around(step.operation):
                    return await _within(step, invoke(function, data))
            except Exception as error:
                asked = self.retry_after(error)
                if current.attempt > step.retries:
                    raise
                if is_too_long(asked) or not self.is_retryable(error):
                    current.unretried = not_again(error, asked)
                    raise
                self.tell(current, StepEventKind.RETRYING, error)
                if not await current.calls.over(THREAD_PATIENCE):
                    raise StillActingError(f"{error}; {goes_on(step.operation)}") from error
            current.calls.clear()
            await asyncio.sleep(retry_delay(current.attempt, asked))
            current.attempt += 1

    def failed(self, current: _Step, function: Operation, error: BaseException) -> FlowError:
        self.tell(current, StepEventKind.FAILED, error)
        failure = FlowError.of(
            error,
            flow=self.plan.name,
            operation=current.plan.operation,
            attempts=current.attempt,
            function=function,
            unretried=current.unretried,
        )
        failure.input = current.input
        return failure

    def ended(self, current: _Step) -> None:
        self.run.timings[current.plan.operation] = StepTiming(
            started=current.started,
            finished=time.monotonic(),
            started_at=current.started_at,
            finished_at=datetime.now(UTC),
            attempts=current.attempt,
        )

    def tell(self, current: _Step, kind: StepEventKind, error: BaseException | None = None) -> None:
        if self.on_event is not None:
            self.on_event(
                StepEvent(
                    kind=kind,
                    operation=current.plan.operation,
                    at=datetime.now(UTC),
                    duration=time.monotonic() - current.started,
                    attempt=current.attempt,
                    error=error,
                    input=current.input,
                )
            )


def _never_says(_error: BaseException) -> None:
    """Leave the wait to the engine."""


async def _within(step: FlowStep, call: Coroutine[Any, Any, Any]) -> Any:
    if step.timeout is None:
        return await call
    try:
        async with asyncio.timeout(step.timeout) as scope:
            return await call
    except TimeoutError as error:
        if not scope.expired():
            raise
        raise TimeoutError(too_slow(step.operation, step.timeout)) from error
