"""Runs that are written down in MongoDB: keys of steps, what is kept, what runs again."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from calls_of_flows import flow_call
from pydantic import BaseModel, SecretStr

from pulpo_base import current_task, operation
from pulpo_base.flows import (
    Binding,
    BindingSource,
    FlowDefinition,
    FlowParameter,
    FlowPlan,
    FlowRuntime,
    FlowStep,
    StepEventKind,
    run_plan,
)
from pulpo_base.flows.running import FlowCall, resumed_call
from pulpo_base.specs import TypeKind, TypeRef

pytest.importorskip("pymongo", reason="runs are kept in MongoDB")


from pulpo_base.flows.starting import start_flow
from pulpo_base.runs.working import Runs

INT = TypeRef(TypeKind.SCALAR, "int")


class Number(BaseModel):
    number: int


class Secret(BaseModel):
    token: SecretStr


#: How often each operation was called, and what is to fail.
calls: dict[str, int] = {}
failing: set[str] = set()
keys: list[tuple[str, str, int]] = []


class Today(Exception):  # noqa: N818
    retryable = True


def called(name: str) -> None:
    calls[name] = calls.get(name, 0) + 1
    keys.append((name, current_task().key, current_task().attempt))
    if name in failing:
        raise Today(f"{name} does not work today")


@operation(name="k.first")
async def first(data: Number) -> Number:
    called("first")
    return Number(number=data.number + 1)


@operation(name="k.second")
def second(data: Number) -> Number:
    called("second")
    return Number(number=data.number + 1)


@operation(name="k.secret")
async def secret() -> Secret:
    called("secret")
    return Secret(token=SecretStr("s3cr3t"))


class Results(BaseModel):
    first: Number
    second: Number
    secret: Any


PLAN = FlowPlan(
    name="k",
    steps=(
        FlowStep("k.first", bindings=(Binding("number", BindingSource.PARAMETER, INT, name="n"),)),
        FlowStep("k.secret"),
        FlowStep(
            "k.second",
            after=("k.first", "k.secret"),
            bindings=(
                Binding("number", BindingSource.OUTPUT_FIELD, INT, step="k.first", name="number"),
            ),
            retries=1,
        ),
    ),
    parameters=(FlowParameter("n", INT, origins=(("k.first", "number"),)),),
    results=(("k.first", INT), ("k.second", INT), ("k.secret", INT)),
)


class Parameters(BaseModel):
    n: int


RUNTIME = FlowRuntime(
    flows={"k": FlowDefinition(PLAN, Parameters, Results)},
    operations={"k.first": first, "k.second": second, "k.secret": secret},
    problem=lambda error: {"status": 500, "code": type(error).__name__},
)


@pytest.fixture(autouse=True)
def forgotten() -> None:
    calls.clear()
    failing.clear()
    keys.clear()


UNDONE_STEPS = (replace(PLAN.steps[0], on_failure=("k.undo",)), *PLAN.steps[1:])


@operation(name="k.undo")
async def undo_first() -> None:
    called("undone")


async def ended(runs: Runs, call: FlowCall, runtime: FlowRuntime = RUNTIME) -> dict[str, Any]:
    record = await start_flow(runs, runtime, call)
    async with asyncio.timeout(20):
        await runs.ended(record["_id"])
    found = await runs.find(record["_id"])
    assert found is not None
    return found


def states(record: dict[str, Any]) -> dict[str, str]:
    return {step["operation"]: step["state"] for step in record["steps"]}


async def test_a_run_is_written_down_step_by_step(runs: Runs) -> None:
    done = await ended(runs, flow_call(RUNTIME, "k", {"n": 1}))

    assert done["state"] == "succeeded"
    assert json.loads(done["result"])["second"] == {"number": 3}
    assert set(states(done).values()) == {"succeeded"}
    assert all(step["started_at"] <= step["finished_at"] for step in done["steps"])
    assert (done["flow"], done["engine"], done["shown"]) == ("k", "local", {"n": 1})


async def test_what_succeeded_is_kept_and_what_failed_runs_again(runs: Runs) -> None:
    failing.add("second")
    failed = await ended(runs, flow_call(RUNTIME, "k", {"n": 1}))

    assert (failed["state"], failed["problem"]["operation"]) == ("failed", "k.second")
    assert states(failed) == {"k.first": "succeeded", "k.secret": "succeeded", "k.second": "failed"}
    step = failed["steps"][2]
    assert (step["attempts"], step["input"]) == (2, {"number": 2})
    assert step["problem"] == {"status": 500, "code": "Today"}

    failing.clear()
    resumed = await ended(runs, resumed_call(RUNTIME, failed))

    assert resumed["state"] == "succeeded"
    assert resumed["root"] == failed["_id"]
    # A secret would come back masked, so its step runs again.
    assert states(resumed) == {
        "k.first": "kept",
        "k.secret": "succeeded",
        "k.second": "succeeded",
    }
    assert calls == {"first": 1, "secret": 2, "second": 3}
    # The same work has the same key in every try and run, and each key is of one step alone.
    assert len({key for name, key, _ in keys if name == "second"}) == 1
    assert len({key for _, key, _ in keys}) == 3
    assert [attempt for name, _, attempt in keys if name == "second"] == [1, 2, 1]


async def test_a_resumed_run_that_cannot_ask_what_is_done_fails_nothing(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing.add("second")
    failed = await ended(runs, flow_call(RUNTIME, "k", {"n": 1}))
    failing.clear()
    find, asked = runs.outputs.find, 0

    async def away(key: str) -> str | None:
        nonlocal asked
        asked += 1
        if asked > 1:
            raise ConnectionError("cannot reach 10.0.0.1")
        return await find(key)

    monkeypatch.setattr("pulpo_base.flows.keeping._PATIENCE", 0.2)
    monkeypatch.setattr(runs.outputs, "find", away)
    undoing = FlowRuntime(
        flows={"k": FlowDefinition(replace(PLAN, steps=UNDONE_STEPS), Parameters, Results)},
        operations={**RUNTIME.operations, "k.undo": undo_first},
        problem=RUNTIME.problem,
    )
    resumed = await ended(runs, resumed_call(undoing, failed), undoing)

    # What it was asked of did not fail, so nothing is undone, and the next one can resume.
    assert resumed["state"] == "failed"
    problem = resumed["problem"]
    assert problem["code"] == "run_interrupted"
    assert "10.0.0.1" not in problem["detail"]
    assert "undone" not in calls
    assert asked > 2

    monkeypatch.setattr(runs.outputs, "find", find)
    again = await ended(runs, resumed_call(undoing, resumed), undoing)
    assert (again["state"], calls["first"]) == ("succeeded", 1)


async def test_a_blip_of_the_database_stops_no_resumed_run(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing.add("second")
    failed = await ended(runs, flow_call(RUNTIME, "k", {"n": 1}))
    failing.clear()
    find = runs.outputs.find
    blips = iter([True, False, True, False, True])

    async def blinking(key: str) -> str | None:
        if next(blips, False):
            raise ConnectionError
        return await find(key)

    monkeypatch.setattr(runs.outputs, "find", blinking)
    resumed = await ended(runs, resumed_call(RUNTIME, failed))
    assert (resumed["state"], calls["first"]) == ("succeeded", 1)


async def test_steps_are_written_down_whatever_their_errors_say(runs: Runs) -> None:
    failing.add("second")
    spoken = replace(
        RUNTIME, problem=lambda error: {"status": 500, "detail": f"\udc80 {error}", "at": {object}}
    )

    failed = await ended(runs, flow_call(spoken, "k", {"n": 1}), spoken)

    assert states(failed)["k.second"] == "failed"
    assert failed["steps"][2]["problem"]["detail"].startswith("\\udc80 second")
    assert failed["problem"]["operation"] == "k.second"


async def test_changed_parameters_are_another_input(runs: Runs) -> None:
    failing.add("second")
    failed = await ended(runs, flow_call(RUNTIME, "k", {"n": 1}))
    failing.clear()

    resumed = await ended(runs, resumed_call(RUNTIME, failed, {"n": 5}))

    assert states(resumed)["k.first"] == "succeeded"
    assert json.loads(resumed["result"])["second"] == {"number": 7}


async def test_two_runs_at_once_know_nothing_of_each_other(runs: Runs) -> None:
    call = flow_call(RUNTIME, "k", {"n": 1})

    done = await asyncio.gather(ended(runs, call), ended(runs, call))

    assert [record["state"] for record in done] == ["succeeded", "succeeded"]
    assert calls == {"first": 2, "secret": 2, "second": 2}
    assert len({key for _, key, _ in keys}) == 6


async def test_a_run_of_other_steps_is_not_resumed() -> None:
    record = {"_id": "x", "flow": "k", "part": ["k.gone"], "given": "{}"}
    with pytest.raises(LookupError, match=r"no step .k\.gone. any more"):
        resumed_call(RUNTIME, record)
    with pytest.raises(LookupError, match="secrets, which are not kept"):
        resumed_call(RUNTIME, {**record, "part": ["k.first"], "given": None})


async def test_an_error_says_how_long_to_wait() -> None:
    failing.add("second")
    waited: list[float] = []
    loop = asyncio.get_running_loop()

    def tell(event: Any) -> None:
        if event.operation == "k.second" and event.kind in {
            StepEventKind.RETRYING,
            StepEventKind.FAILED,
        }:
            waited.append(loop.time())

    with pytest.raises(Exception, match=r"k\.second"):
        await run_plan(PLAN, RUNTIME.operations, {"n": 1}, retry_after=lambda _: 0.5, on_event=tell)
    assert 0.5 <= waited[1] - waited[0] < 1.5
    calls.clear()
    with pytest.raises(Exception, match=r"k\.second"):  # nobody waits for two hours
        await run_plan(PLAN, RUNTIME.operations, {"n": 1}, retry_after=lambda _: 7200)
    assert calls["second"] == 1


async def test_a_step_runs_again_whose_output_has_another_type_now(runs: Runs) -> None:
    failing.add("second")
    failed = await ended(runs, flow_call(RUNTIME, "k", {"n": 1}))
    kept = runs.outputs._outputs
    changed = await kept.update_one({"operation": "k.first"}, {"$set": {"text": '{"other": 1}'}})
    assert changed.modified_count == 1
    failing.clear()

    done = await ended(runs, resumed_call(RUNTIME, failed))

    assert (done["state"], calls["first"]) == ("succeeded", 2)
    # What it returned now takes the place of what could not be read.
    found = await kept.find_one({"operation": "k.first"})
    assert found is not None
    assert json.loads(found["text"]) == {"number": 2}
