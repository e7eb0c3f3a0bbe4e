"""A run of a flow begun as a task of this process, with a record that others can ask for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from pulpo_base.flows.keeping import KeptUnknownError
from pulpo_base.flows.run import FlowError, FlowRun, StepEvent
from pulpo_base.flows.running import FlowCall, run_recorded
from pulpo_base.flows.runtime import FlowRuntime
from pulpo_base.runs.records import LOST, Record
from pulpo_base.runs.working import RunFailedError, Runs

__all__ = ["flow_problem", "start_flow"]


async def start_flow(
    runs: Runs,
    runtime: FlowRuntime,
    call: FlowCall,
    owner: str = "",
    *,
    on_event: Callable[[StepEvent], None] | None = None,
    on_end: Callable[[FlowRun | FlowError], None] | None = None,
) -> Record:
    """Begin a run of a flow on the local engine and return its record.

    `on_end` is told how it ended, unless it was cancelled.
    """

    async def work(run: str) -> str:
        try:
            done = await run_recorded(
                runtime, call, run, notes=runs.records, kept=runs.outputs, on_event=on_event
            )
        except FlowError as error:
            if on_end is not None:
                on_end(error)
            raise RunFailedError(flow_problem(runtime, error)) from (error.__cause__ or error)
        if on_end is not None:
            on_end(done)
        return json.dumps(call.results(runtime, done))

    return await runs.start("", work, owner, **call.facts(runtime, engine="local"))


def flow_problem(runtime: FlowRuntime, error: FlowError) -> Mapping[str, Any]:
    """Return the problem of the operation that failed, and which one that is."""
    cause = error.__cause__ or error
    if isinstance(cause, KeptUnknownError):  # it did not fail: it was not called
        return {**LOST, "detail": str(cause), "operation": error.operation}
    return {**runtime.problem(cause), "operation": error.operation}
