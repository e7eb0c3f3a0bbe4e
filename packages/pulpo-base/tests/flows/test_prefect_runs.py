"""Runs on Prefect are written down as those of the local engine are."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

pytest.importorskip("prefect", reason="the Prefect engine needs pulpo-base[flows]")

from prefect import flow, task
from prefect.settings import get_current_settings
from pymongo import AsyncMongoClient

from pulpo_base import current_task, operation
from pulpo_base.flows import (
    Binding,
    BindingSource,
    FlowDefinition,
    FlowError,
    FlowParameter,
    FlowPlan,
    FlowRuntime,
    FlowStep,
)
from pulpo_base.flows.prefect import StepGroup, retry_condition, retry_delays, run_operation
from pulpo_base.flows.prefect_operations import recorded_operation
from pulpo_base.flows.prefect_runs import recorded_steps
from pulpo_base.flows.running import resumed_call
from pulpo_base.flows.starting import start_flow
from pulpo_base.runs.working import background_runs
from pulpo_base.specs import TypeKind, TypeRef

pytestmark = [
    pytest.mark.slow,  # a Prefect server of its own
    # Prefect's own: see test_engines_agree.py.
    pytest.mark.filterwarnings(
        r"ignore:unclosed <socket\.socket .*raddr=\('127\.0\.0\.1':ResourceWarning"
    ),
]

TEXT = TypeRef(TypeKind.SCALAR, "str")

calls: list[tuple[str, str, float]] = []
#: How often the next tries fail.
failures: list[int] = []


class Word(BaseModel):
    word: str


class SlowDownError(Exception):
    retry_after = 0.6


def called(name: str) -> None:
    calls.append((name, current_task().key, time.monotonic()))


@operation(name="p.say", on_failure="p.unsay")
async def say(data: Word) -> Word:
    called("say")
    return Word(word=data.word.upper())


@operation(name="p.unsay")
async def unsay(data: Word) -> None:
    calls.append(("unsay", data.word, 0.0))


@operation(name="p.write", retries=1)
async def write(data: Word) -> Word:
    called("write")
    if failures:
        failures.pop()
        raise SlowDownError
    return data


class Parameters(BaseModel):
    word: str


class NoResults(BaseModel):
    pass


class Results(BaseModel):
    say: Word
    write: Word


PLAN = FlowPlan(
    name="p",
    steps=(
        FlowStep(
            "p.say",
            bindings=(Binding("word", BindingSource.PARAMETER, TEXT, name="word"),),
            on_failure=("p.unsay",),
        ),
        FlowStep(
            "p.write",
            after=("p.say",),
            bindings=(
                Binding("word", BindingSource.OUTPUT_FIELD, TEXT, step="p.say", name="word"),
            ),
            retries=1,
        ),
    ),
    parameters=(FlowParameter("word", TEXT),),
    results=(("p.say", TEXT), ("p.write", TEXT)),
)
RUNTIME = FlowRuntime(
    flows={"p": FlowDefinition(PLAN, Parameters, Results)},
    operations={"p.say": say, "p.unsay": unsay, "p.write": write},
    is_retryable=lambda error: isinstance(error, SlowDownError),
    retry_after=lambda error: getattr(error, "retry_after", None),
    problem=lambda error: {"status": 500, "code": type(error).__name__},
)

databases: list[Any] = []


@asynccontextmanager
async def database() -> AsyncIterator[Any]:
    yield databases[-1]


@task(name="p.say", persist_result=False)
async def say_task(data: Word) -> Word:
    output: Word = await run_operation(say, data)
    return output


@task(
    name="p.write",
    retries=1,
    retry_delay_seconds=retry_delays(1),
    retry_condition_fn=retry_condition(RUNTIME.is_retryable, RUNTIME.retry_after),
    persist_result=False,
)
async def write_task(data: Word) -> Word:
    output: Word = await run_operation(write, data)
    return output


@flow(name="p", persist_result=False)
async def p(*, word: str) -> Results:
    """Run the flow as generated code does."""
    async with (
        database() as connection,
        recorded_steps(PLAN, RUNTIME, connection) as steps,
    ):

        async def run_say() -> Word:
            return await say_task(Word(word=word))

        say_step = steps.start(say, run_say())

        async def run_write() -> Word:
            say_output = await say_step
            return await write_task(Word(word=say_output.word))

        write_step = steps.start(write, run_write())

    return Results(say=say_step.result(), write=write_step.result())


@pytest.fixture
async def records(mongodb_url: str, database_name: str, prefect_engine: None) -> AsyncIterator[Any]:
    calls.clear()
    failures.clear()
    # As `connected` does: the streaming monitor may leave a socket open when the client closes.
    async with AsyncMongoClient[dict[str, Any]](
        mongodb_url, tz_aware=True, serverMonitoringMode="poll"
    ) as mongo:
        databases.append(mongo[database_name])
        yield databases[-1]["pulpo_runs"]
        databases.clear()


def states(record: dict[str, Any]) -> list[str]:
    return [step["state"] for step in record["steps"]]


async def test_a_run_is_written_down_and_waits_as_long_as_the_error_asks(records: Any) -> None:
    failures.append(1)

    results = await p(word="a")

    assert results.write.word == "A"
    record = await records.find_one({"flow": "p"})
    assert (record["state"], record["engine"], record["shown"]) == (
        "succeeded",
        "prefect",
        {"word": "a"},
    )
    assert states(record) == ["succeeded", "succeeded"]
    assert record["steps"][1]["attempts"] == 2
    writes = [(key, at) for name, key, at in calls if name == "write"]
    assert writes[0][0] == writes[1][0]
    assert writes[1][1] - writes[0][1] >= 0.6


async def test_a_failure_is_undone_and_resumed_on_the_other_engine(records: Any) -> None:
    failures.extend([1, 2])

    with pytest.raises(FlowError, match=r"p\.write"):
        await p(word="b")

    record = await records.find_one({"flow": "p"})
    assert (record["state"], states(record)) == ("failed", ["succeeded", "failed"])
    assert record["problem"] == {"status": 500, "code": "SlowDownError", "operation": "p.write"}
    assert record["steps"][1]["input"] == {"word": "B"}
    assert record["steps"][0]["undone"] is True
    assert [word for name, word, _ in calls if name == "unsay"] == ["B"]

    key = next(key for name, key, _ in calls if name == "write")
    calls.clear()
    async with background_runs(databases[-1]) as runs:
        resumed = await start_flow(runs, RUNTIME, resumed_call(RUNTIME, record))
        async with asyncio.timeout(20):
            await runs.ended(resumed["_id"])
        found = await runs.find(resumed["_id"])
    assert found is not None
    # What was undone is done again, with the same keys on either engine.
    assert (found["state"], states(found)) == ("succeeded", ["succeeded", "succeeded"])
    assert [key for name, key, _ in calls if name == "write"] == [key]


@flow(name="p.say", persist_result=False)
async def say_alone(*, data: Word) -> Word:
    """Run the operation as generated code does."""
    async with database() as connection:
        output: Word = await recorded_operation(
            say,
            data,
            name="p.say",
            runtime=RUNTIME,
            database=connection,
            result=lambda _kind, value: str(value.model_dump_json()),
        )
    return output


@operation(name="p.fail")
async def fail() -> None:
    raise SlowDownError


@flow(name="p.fail", persist_result=False)
async def fail_alone() -> None:
    """Run it."""
    async with database() as connection:
        await recorded_operation(
            fail, name="p.fail", runtime=RUNTIME, database=connection, result=lambda *_: "null"
        )


@task(persist_result=True, result_storage_key="shouted-{parameters[word]}")
async def shout(word: str) -> str:
    """Belong to the user, who wants Prefect to keep the result."""
    return word.upper()


@operation(name="s.shout")
async def shouted(data: Word) -> Word:
    return Word(word=await shout(data.word))


@task(name="s.shout", persist_result=False)
async def shout_task(data: Word) -> Word:
    output: Word = await run_operation(shouted, data)
    return output


SHOUT = FlowPlan(name="s", steps=(FlowStep("s.shout"),))
SHOUT_RUNTIME = FlowRuntime(
    flows={"s": FlowDefinition(SHOUT, Parameters, NoResults)}, operations={"s.shout": shouted}
)


@flow(name="s", persist_result=False)
async def s(*, word: str) -> Any:
    """Run the flow and return how its task ended."""
    async with (
        database() as connection,
        recorded_steps(SHOUT, SHOUT_RUNTIME, connection) as steps,
    ):

        async def run_shout() -> Any:
            ended: Any = shout_task(Word(word=word), return_state=True)
            return await ended

        step = steps.start(shouted, run_shout())
    return step.result().data


async def test_prefect_keeps_results_of_tasks_within_operations_and_of_no_step(
    records: Any,
) -> None:
    kept = await s(word="a")

    assert kept.result == Word(word="A")
    # The name of no file: it would have been looked up for nothing.
    assert not Path(kept.metadata.storage_key).is_absolute()
    place = get_current_settings().results.local_storage_path
    assert (place / "shouted-a").exists()


async def test_a_slow_thread_is_over_before_the_next_try(prefect_engine: None) -> None:
    at_once = [0]

    @operation(name="q.slow")
    def slow() -> None:
        at_once.append(at_once[-1] + 1)
        time.sleep(0.5)
        at_once.append(at_once[-1] - 1)

    @task(
        name="q.slow",
        retries=1,
        timeout_seconds=0.2,
        retry_delay_seconds=retry_delays(1),
        retry_condition_fn=retry_condition(),
        persist_result=False,
    )
    async def slow_task() -> None:
        await run_operation(slow)

    @flow(name="q", persist_result=False)
    async def q() -> None:
        async with StepGroup("q") as steps:
            steps.start(slow, slow_task())

    with pytest.raises(FlowError, match=r"after 2 tries: TimeoutError: .* within 0\.2 s"):
        await q()
    assert len(at_once) > 2
    assert max(at_once) == 1


async def test_an_operation_alone_is_written_down_with_its_result_or_problem(records: Any) -> None:
    await say_alone(data=Word(word="x"))
    with pytest.raises(SlowDownError):
        await fail_alone()

    said = await records.find_one({"operation": "p.say"})
    assert (said["state"], said["result"], said["engine"]) == (
        "succeeded",
        '{"word":"X"}',
        "prefect",
    )
    failed = await records.find_one({"operation": "p.fail"})
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "SlowDownError")
