"""Runs of flows on Prefect, written down where those of the local engine are.

A generated flow runs its steps within `recorded_steps`. Its record has the id of Prefect's flow
run, so that whoever began it over the API, by command or by schedule finds it there.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pulpo_base.flows.plan import FlowPlan
from pulpo_base.flows.prefect import StepGroup
from pulpo_base.flows.prefect_records import alive, finish, run_stores
from pulpo_base.flows.prefect_results import kept_nowhere
from pulpo_base.flows.recording import StepRecorder
from pulpo_base.flows.run import FlowError, FlowRun, FlowStatus, StepEvent
from pulpo_base.flows.running import FlowCall
from pulpo_base.flows.runtime import FlowRuntime
from pulpo_base.flows.starting import flow_problem
from pulpo_base.runs.prefect_api import RESUMES

if TYPE_CHECKING:
    from pulpo_base.runs.records import Database, RunRecords

__all__ = ["recorded_steps"]


@asynccontextmanager
async def recorded_steps(
    plan: FlowPlan, runtime: FlowRuntime, database: Database
) -> AsyncIterator[StepGroup]:
    """Run the steps of a flow in the block, as a `StepGroup`, while its record follows.

    A run that Prefect begins again, or that resumes another, keeps what succeeded. Raises
    `FlowError` where a step failed.
    """
    name, attempt, call = _called(plan, runtime)
    records, outputs = await run_stores(database)
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
    async with (
        _reported(records, runtime, call, name, steps),
        alive(records, name),
        recorder,
        steps,
    ):
        with kept_nowhere() as steps.prefect_results:
            yield steps


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
        await finish(records, name, state, end)
        seconds = time.monotonic() - began
        runtime.observe(status.value, flow=call.flow, run=name, seconds=seconds, error=failure)
