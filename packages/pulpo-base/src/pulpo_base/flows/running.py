"""A flow run on the local engine that is written down, and may be resumed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pulpo_base.flows.engine import run_plan
from pulpo_base.flows.keeping import OutputStore, kept_text, kept_value
from pulpo_base.flows.parts import part_of, part_parameters
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.flows.recording import RunNotes, StepRecorder, steps_to_come
from pulpo_base.flows.results import build_results, result_fields
from pulpo_base.flows.run import FlowRun, FlowStatus, StepEvent
from pulpo_base.flows.runtime import FlowRuntime
from pulpo_base.runs.stand_ins import with_stand_ins

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["FlowCall", "resumed_call", "run_call", "run_recorded"]


@dataclass(frozen=True, slots=True)
class FlowCall:
    """What is to be run: the flow or a part of it, and with which parameters.

    `root` is the id of the run that this one resumes, empty for a new one.
    """

    flow: str
    plan: FlowPlan
    parameters: BaseModel
    root: str = ""

    def facts(self, runtime: FlowRuntime, *, engine: str) -> dict[str, Any]:
        """Return what is written down of a run of it before it begins."""
        permissions = {name for step in self.plan.steps for name in step.permissions}
        return {
            "flow": self.flow,
            "engine": engine,
            "part": [step.operation for step in self.plan.steps],
            "given": kept_text(type(self.parameters), self.parameters, exclude_unset=True),
            "shown": with_stand_ins(
                runtime.mask(self.parameters.model_dump(mode="json", exclude_unset=True))
            ),
            "permissions": sorted(permissions),
            "steps": steps_to_come(self.plan),
            "root": self.root,
            "request_id": runtime.request_id(),
        }

    def results(self, runtime: FlowRuntime, run: FlowRun) -> Any:
        """Return the results of a run as JSON-like values, by the fields of the results model."""
        from pydantic_core import to_jsonable_python

        whole = runtime.flows[self.flow]
        values: Any
        if self.plan is whole.plan:
            values = build_results(self.plan, run.outputs, whole.results)
        else:
            names = result_fields(whole.plan)
            values = {names[name]: run.outputs[name] for name, _ in self.plan.results}
        # JSON has no infinities: as in the results of operations, `null` stands for them.
        return to_jsonable_python(values, by_alias=False, fallback=str, inf_nan_mode="null")


def resumed_call(
    runtime: FlowRuntime, record: dict[str, Any], changed: dict[str, Any] | None = None
) -> FlowCall:
    """Return the call that resumes a run, with the parameters of the run and those changed.

    Raises `LookupError` where the flow or its steps are not those of the run any more, or where
    parameters were not kept and are not given, and `pydantic.ValidationError`.
    """
    flow = record["flow"]
    definition = runtime.flows.get(flow)
    if definition is None:
        raise LookupError(f"there is no flow {flow!r} any more")
    known = {step.operation for step in definition.plan.steps}
    if gone := [name for name in record["part"] if name not in known]:
        raise LookupError(f"flow {flow!r} has no step {gone[0]!r} any more: run it anew")
    if record["given"] is None and not changed:
        raise LookupError(
            "the parameters of that run hold secrets, which are not kept: give them again"
        )
    plan = part_of(definition.plan, record["part"])
    model = part_parameters(definition, plan, runtime.operations)
    if changed:
        merged = {**json.loads(record["given"] or "{}"), **changed}
        parameters = model.model_validate(merged, by_alias=True, by_name=True)
    else:
        parameters = kept_value(model, record["given"])
    return FlowCall(flow, plan, parameters, root=record.get("root") or record["_id"])


async def run_call(
    runtime: FlowRuntime,
    call: FlowCall,
    *,
    run: str = "",
    kept: OutputStore | None = None,
    on_event: Callable[[StepEvent], None] | None = None,
) -> FlowRun:
    """Run a call on the local engine; nobody writes it down. Raises what `run_plan` raises."""
    return await run_plan(
        call.plan,
        runtime.operations,
        call.parameters,
        is_retryable=runtime.is_retryable,
        retry_after=runtime.retry_after,
        around=runtime.around,
        on_event=on_event,
        run=call.root or run,
        kept=kept,
        resumes=bool(call.root),
        limits=runtime.limits,
    )


async def run_recorded(
    runtime: FlowRuntime,
    call: FlowCall,
    run: str,
    *,
    notes: RunNotes,
    kept: OutputStore | None,
    on_event: Callable[[StepEvent], None] | None = None,
) -> FlowRun:
    """Run a call on the local engine while its record, named `run`, follows.

    Raises what `run_plan` raises.
    """
    began = time.monotonic()
    observe = runtime.observed(call.flow, run)
    runtime.observe("started", flow=call.flow, run=run)
    failure: BaseException | None = None
    status = FlowStatus.FAILED
    recorder = StepRecorder(notes, run, call.plan, problem=runtime.problem, mask=runtime.mask)
    try:
        async with recorder:

            def tell(event: StepEvent) -> None:
                recorder(event)
                observe(event)
                if on_event is not None:
                    on_event(event)

            done = await run_call(runtime, call, run=run, kept=kept, on_event=tell)
        status = done.status
    except Exception as error:
        failure = error
        raise
    except BaseException:
        status = FlowStatus.CANCELLED
        raise
    else:
        return done
    finally:
        seconds = time.monotonic() - began
        runtime.observe(status.value, flow=call.flow, run=run, seconds=seconds, error=failure)
