"""Runs of flows on Prefect, written down where those of the local engine are.

A generated flow runs its steps within `recorded_steps`. Its record has the id of Prefect's flow
run, so that whoever began it over the API, by command or by schedule finds it there.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from pulpo_base.flows.plan import FlowPlan
from pulpo_base.flows.prefect import StepGroup
from pulpo_base.flows.prefect_api import RESUMES
from pulpo_base.flows.recording import StepRecorder
from pulpo_base.flows.run import FlowError, FlowRun, FlowStatus, StepEvent
from pulpo_base.flows.running import FlowCall
from pulpo_base.flows.runtime import FlowRuntime
from pulpo_base.flows.starting import flow_problem

if TYPE_CHECKING:
    from pulpo_base.runs.records import Database, Record, RunRecords

__all__ = ["recorded_steps"]

#: Seconds between two signs of life, and after which a silent run is taken for lost.
_BEAT: Final = 1.0
_LEASE: Final = 30.0

#: The databases whose indexes this process has made.
_prepared: set[str] = set()

_log = logging.getLogger(__name__)


@asynccontextmanager
async def recorded_steps(
    plan: FlowPlan, runtime: FlowRuntime, database: Database
) -> AsyncIterator[StepGroup]:
    """Run the steps of a flow in the block, as a `StepGroup`, while its record follows.

    A run that Prefect begins again, or that resumes another, keeps what succeeded. Raises
    `FlowError` where a step failed.
    """
    from pulpo_base.runs.outputs import RunOutputs
    from pulpo_base.runs.records import RunRecords
    from pulpo_base.runs.working import worker_name

    name, attempt, call = _called(plan, runtime)
    records, outputs = RunRecords(database, worker_name(), _LEASE), RunOutputs(database)
    if database.name not in _prepared:
        await records.prepare()
        await outputs.prepare()
        _prepared.add(database.name)
    record = await records.add("", "", name=name, **call.facts(runtime, engine="prefect"))
    root = record.get("root") or name
    recorder = StepRecorder(records, name, plan, problem=runtime.problem, mask=runtime.mask)
    observe = runtime.observed(plan.name, name)

    def tell(event: StepEvent) -> None:
        recorder(event)
        observe(event)

    steps = StepGroup(
        plan.name,
        plan=plan,
        runtime=runtime,
        run=root,
        on_event=tell,
        kept=outputs,
        resumes=root != name or attempt > 1,
    )
    async with _reported(records, runtime, call, name, steps):
        over = asyncio.Event()
        beating = asyncio.create_task(_beat(records, name, asyncio.current_task(), over))
        try:
            async with recorder, steps:
                yield steps
        finally:
            # Asked to end, not cancelled: a driver that is cancelled while it connects leaves its
            # socket open.
            over.set()
            await asyncio.wait([beating])


def _called(plan: FlowPlan, runtime: FlowRuntime) -> tuple[str, int, FlowCall]:
    """Return the id of Prefect's flow run, how often it was begun, and what is called."""
    from prefect.context import FlowRunContext

    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise RuntimeError(f"flow {plan.name!r} runs outside of Prefect")
    # Prefect has validated them; what was not given is `None` where the operation has a default.
    parameters = context.parameters or {}
    given = {key: value for key, value in parameters.items() if value is not None}
    model = runtime.flows[plan.name].parameters.model_construct(**given)
    roots = [tag.removeprefix(RESUMES) for tag in context.flow_run.tags if tag.startswith(RESUMES)]
    call = FlowCall(plan.name, plan, model, root=roots[0] if roots else "")
    return str(context.flow_run.id), context.flow_run.run_count, call


@asynccontextmanager
async def _reported(
    records: RunRecords, runtime: FlowRuntime, call: FlowCall, name: str, steps: StepGroup
) -> AsyncIterator[None]:
    """Write down and tell how the run of the block ends."""
    began = time.monotonic()
    failure: BaseException | None = None
    status = FlowStatus.FAILED
    end: dict[str, Any] = {}
    runtime.observe("started", flow=call.flow, run=name)
    try:
        yield
        done = FlowRun(call.flow, datetime.now(UTC), outputs=steps.outputs)
        end = {"result": json.dumps(call.results(runtime, done))}
        status = FlowStatus.COMPLETED
    except FlowError as error:
        failure = error
        end = {
            "problem": dict(flow_problem(runtime, error)),
            "exit_code": runtime.exit_code(error.__cause__ or error),
        }
        raise
    except Exception as error:
        failure = error
        end = {"problem": dict(runtime.problem(error))}
        raise
    except BaseException:
        status = FlowStatus.CANCELLED
        raise
    finally:
        state = "succeeded" if status is FlowStatus.COMPLETED else status.value
        await _finish(records, name, state, end)
        seconds = time.monotonic() - began
        runtime.observe(status.value, flow=call.flow, run=name, seconds=seconds, error=failure)


async def _beat(
    records: RunRecords, name: str, flow: asyncio.Task[Any] | None, over: asyncio.Event
) -> None:
    """Say that the run goes on until it is over, and cancel it when somebody asks for that."""
    from pymongo.errors import PyMongoError

    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), _BEAT)
            return
        try:
            await records.alive()
            if await records.to_cancel([name]) and flow is not None:
                flow.cancel()
                return
        except PyMongoError as error:
            _log.warning("run %s cannot be kept up to date yet: %s", name, error)


async def _finish(records: RunRecords, name: str, state: str, end: Record) -> None:
    """Write down how the run ended, as soon as the database can be reached."""
    from pymongo.errors import PyMongoError

    for _ in range(round(_LEASE / _BEAT)):
        try:
            return await records.finish(name, state, **end)
        except PyMongoError as error:
            _log.warning("the end of run %s cannot be kept yet: %s", name, error)
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(_BEAT)
    _log.error("the end of run %s (%s) could not be kept (process %s)", name, state, os.getpid())
    return None
