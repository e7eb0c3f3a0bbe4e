"""The local engine by itself: what it reports, what it refuses, what it leaves behind."""

from __future__ import annotations

import asyncio
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from pulpo_base import operation
from pulpo_base.flows import (
    Binding,
    BindingSource,
    FlowError,
    FlowParameter,
    FlowPlan,
    FlowStatus,
    FlowStep,
    StepEvent,
    StepEventKind,
    run_plan,
)
from pulpo_base.flows.retries import retry_delay, retry_delays, retryable_by_default
from pulpo_base.specs import TypeKind, TypeRef

TEXT = TypeRef(TypeKind.SCALAR, "str")


class Word(BaseModel):
    word: str = "nothing"


@operation(name="f.say")
async def say(data: Word) -> Word:
    return data


@operation(name="f.shout")
async def shout(data: Word) -> Word:
    return Word(word=data.word.upper())


def from_parameter(name: str) -> Binding:
    return Binding("word", BindingSource.PARAMETER, TEXT, name=name)


def from_output(step: str, name: str = "word") -> Binding:
    return Binding("word", BindingSource.OUTPUT_FIELD, TEXT, step=step, name=name)


SAY_THEN_SHOUT = FlowPlan(
    name="f",
    steps=(
        FlowStep("f.say", bindings=(from_parameter("word"),)),
        FlowStep("f.shout", after=("f.say",), bindings=(from_output("f.say"),)),
    ),
    parameters=(FlowParameter("word", TEXT, required=False, default="'nothing'"),),
)
OPERATIONS: dict[str, Callable[..., Any]] = {"f.say": say, "f.shout": shout}


def chain(*steps: FlowStep, parameters: tuple[FlowParameter, ...] = ()) -> FlowPlan:
    return FlowPlan(name="f", steps=steps, parameters=parameters)


async def test_a_run_holds_outputs_timings_and_status() -> None:
    before = time.monotonic()
    run = await run_plan(SAY_THEN_SHOUT, OPERATIONS, {"word": "hello"})

    assert run.status is FlowStatus.COMPLETED
    assert run.outputs == {"f.say": Word(word="hello"), "f.shout": Word(word="HELLO")}
    say_timing, shout_timing = run.timings["f.say"], run.timings["f.shout"]
    assert before <= say_timing.started <= say_timing.finished <= shout_timing.started
    assert say_timing.duration == say_timing.finished - say_timing.started
    assert run.started_at <= say_timing.started_at <= say_timing.finished_at
    assert run.finished_at is not None
    assert shout_timing.finished_at <= run.finished_at


async def test_a_parameter_that_is_not_given_keeps_the_operations_default() -> None:
    run = await run_plan(SAY_THEN_SHOUT, OPERATIONS, {})

    assert run.outputs["f.say"].model_fields_set == set()


async def test_a_parameters_model_gives_the_fields_that_were_set() -> None:
    class Parameters(BaseModel):
        word: str = "from the model"

    run = await run_plan(SAY_THEN_SHOUT, OPERATIONS, Parameters())
    assert run.outputs["f.say"].word == "nothing"
    run = await run_plan(SAY_THEN_SHOUT, OPERATIONS, Parameters(word="set"))
    assert run.outputs["f.say"].word == "set"


async def test_an_unknown_parameter_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(TypeError, match=r"no parameter 'wrd'; did you mean 'word'\?"):
        await run_plan(SAY_THEN_SHOUT, OPERATIONS, {"wrd": "x"})


async def test_a_missing_parameter_is_refused() -> None:
    plan = chain(SAY_THEN_SHOUT.steps[0], parameters=(FlowParameter("word", TEXT),))

    with pytest.raises(TypeError, match=r"flow 'f' needs the parameter 'word'"):
        await run_plan(plan, OPERATIONS, {})


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ((FlowStep("f.sing"),), r"'f\.sing' is not among the operations given"),
        ((FlowStep("f.say", after=("f.shout",)), FlowStep("f.shout")), "is no step before it"),
        ((FlowStep("f.say", after=("f.say",)),), "is no step before it"),
        (
            (FlowStep("f.say"), FlowStep("f.shout", bindings=(from_output("f.say"),))),
            r"takes f\.say\.word, but does not come after 'f\.say'",
        ),
    ],
    ids=["no such operation", "wrong order", "after itself", "binding without edge"],
)
async def test_a_plan_that_cannot_run_is_refused(steps: tuple[FlowStep, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        await run_plan(chain(*steps), OPERATIONS, {})


async def test_events_tell_each_step_from_start_to_end() -> None:
    failures = [ConnectionError("once")]

    @operation(name="f.flaky")
    async def flaky() -> None:
        if failures:
            raise failures.pop()

    events: list[StepEvent] = []
    plan = chain(FlowStep("f.flaky", retries=1), FlowStep("f.say", after=("f.flaky",)))
    await run_plan(plan, {**OPERATIONS, "f.flaky": flaky}, {}, on_event=events.append)

    assert [(event.operation, event.kind.value, event.attempt) for event in events] == [
        ("f.flaky", "started", 1),
        ("f.flaky", "retrying", 1),
        ("f.flaky", "finished", 2),
        ("f.say", "started", 1),
        ("f.say", "finished", 1),
    ]
    assert isinstance(events[1].error, OSError)
    assert events[2].duration >= retry_delay(1)
    assert [event.at for event in events] == sorted(event.at for event in events)


async def test_a_failure_keeps_what_was_reached() -> None:
    @operation(name="f.break")
    async def break_it() -> None:
        raise KeyError("gone")

    @operation(name="f.wait")
    async def wait() -> None:
        await asyncio.sleep(10)

    events: list[StepEvent] = []
    plan = chain(
        FlowStep("f.say"),
        FlowStep("f.break", after=("f.say",)),
        FlowStep("f.wait", after=("f.say",)),
        FlowStep("f.shout", after=("f.wait",)),
    )
    operations = {**OPERATIONS, "f.break": break_it, "f.wait": wait}
    with pytest.raises(FlowError, match=r"flow 'f': operation 'f\.break' failed: Key") as failure:
        await run_plan(plan, operations, {}, on_event=events.append)

    run = failure.value.run
    assert run is not None
    assert run.status is FlowStatus.FAILED
    assert set(run.outputs) == {"f.say"}
    assert set(run.timings) == {"f.say", "f.break", "f.wait"}
    ends = {event.operation: event.kind for event in events}
    assert ends["f.break"] is StepEventKind.FAILED
    assert ends["f.wait"] is StepEventKind.CANCELLED


@pytest.mark.parametrize(
    ("error", "attempts", "why"),
    [
        (RuntimeError("flaky"), 1, "; not tried again: RuntimeError is not retryable"),
        (ConnectionError("away"), 2, ""),
    ],
)
async def test_an_error_is_tried_again_where_it_is_worth_it_and_says_why_not(
    error: Exception, attempts: int, why: str
) -> None:
    @operation(name="f.break")
    async def break_it() -> None:
        raise error

    plan = chain(FlowStep("f.break", retries=1))
    with pytest.raises(FlowError, match=f"{error}") as failure:
        await run_plan(plan, {"f.break": break_it}, {})
    assert failure.value.attempts == attempts
    assert f"{error}{why} (" in str(failure.value)
    again = pickle.loads(pickle.dumps(failure.value))  # noqa: S301 - made here
    assert (str(again), again.unretried) == (str(failure.value), why.removeprefix("; "))


def test_errors_say_by_default_whether_another_try_is_worth_it() -> None:
    class Saying(Exception):  # noqa: N818
        def __init__(self, said: object) -> None:
            self.retryable = said

    caused = RuntimeError()
    caused.__cause__ = TimeoutError()
    errors = [Saying(True), Saying(False), Saying("yes"), caused, OSError(), KeyboardInterrupt()]
    assert [retryable_by_default(e) for e in errors] == [True, False, False, True, False, False]


async def test_invalid_input_and_output_are_never_repeated_and_never_shown() -> None:
    calls: list[Word] = []

    @operation(name="f.liar")
    async def liar(data: Word) -> Word:
        calls.append(data)
        return "no word"  # type: ignore[return-value]  # what is tested

    plan = chain(
        FlowStep("f.liar", retries=3, bindings=(from_parameter("word"),)),
        parameters=SAY_THEN_SHOUT.parameters,
    )
    with pytest.raises(FlowError, match="failed: OutputError"):
        await run_plan(plan, {"f.liar": liar}, {"word": "x"})
    assert len(calls) == 1

    with pytest.raises(FlowError, match="failed: ValidationError of Word: word: Input") as bad:
        await run_plan(plan, {"f.liar": liar}, {"word": ["s3cret"]})
    assert "s3cret" not in str(bad.value)
    assert len(calls) == 1


async def test_an_upstream_output_without_the_field_says_so() -> None:
    plan = chain(
        FlowStep("f.say"),
        FlowStep("f.shout", after=("f.say",), bindings=(from_output("f.say", "volume"),)),
    )
    with pytest.raises(
        FlowError, match=r"'f\.say' returned Word without 'volume'; return it, or bind"
    ):
        await run_plan(plan, OPERATIONS, {})


async def test_a_field_with_an_alias_is_found_by_its_alias() -> None:
    class Aliased(BaseModel):
        word: str = Field(alias="theWord")

    class Named(BaseModel):
        model_config = ConfigDict(populate_by_name=True)
        word: str = Field(alias="theWord")

    @operation(name="f.aliased", inputs=Aliased, outputs=str)
    async def aliased(data: Any) -> Any:
        return data.word

    @operation(name="f.named", inputs=Named, outputs=str)
    async def named(data: Any) -> Any:
        return data.word

    plan = chain(
        FlowStep("f.aliased", bindings=(from_parameter("word"),)),
        FlowStep("f.named", bindings=(from_parameter("word"),)),
        parameters=SAY_THEN_SHOUT.parameters,
    )
    run = await run_plan(plan, {"f.aliased": aliased, "f.named": named}, {"word": "x"})
    assert run.outputs == {"f.aliased": "x", "f.named": "x"}


@pytest.mark.parametrize(
    ("patience", "attempts", "why"),
    [(30.0, 2, "did not finish within 0.1 s"), (0.05, 1, "goes on in its thread")],
)
async def test_a_slow_thread_is_over_before_the_next_try(
    patience: float, attempts: int, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pulpo_base.flows.engine.THREAD_PATIENCE", patience)
    at_once: list[int] = [0]
    goes_on = threading.Event()

    @operation(name="f.slow")
    def slow() -> None:
        at_once.append(at_once[-1] + 1)
        goes_on.wait(0.3 if attempts > 1 else 60)
        at_once.append(at_once[-1] - 1)

    plan = FlowPlan("f", steps=(FlowStep("f.slow", timeout=0.1, retries=1),))
    events: list[StepEvent] = []
    with pytest.raises(FlowError, match=why) as caught:
        await run_plan(plan, {"f.slow": slow}, {}, on_event=events.append)
    assert caught.value.attempts == attempts
    assert max(at_once) == 1
    assert (events[-1].kind is StepEventKind.ACTING) is (at_once[-1] == 1)
    goes_on.set()


async def test_a_cancelled_run_says_which_threads_go_on() -> None:
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()
    goes_on = threading.Event()

    @operation(name="f.slow")
    def slow() -> None:
        loop.call_soon_threadsafe(begun.set)
        goes_on.wait(60)

    events: list[StepEvent] = []
    plan = FlowPlan("f", steps=(FlowStep("f.slow"),))
    run = asyncio.create_task(run_plan(plan, {"f.slow": slow}, {}, on_event=events.append))
    await begun.wait()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    kinds = [event.kind for event in events]
    assert kinds[-2:] == [StepEventKind.CANCELLED, StepEventKind.ACTING]
    goes_on.set()


async def test_an_observer_that_fails_is_not_taken_for_the_operation() -> None:
    def broken(event: StepEvent) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await run_plan(SAY_THEN_SHOUT, OPERATIONS, {}, on_event=broken)


async def test_ten_by_ten_steps_take_as_long_as_the_critical_path() -> None:
    @operation(name="f.nap")
    async def nap() -> None:
        await asyncio.sleep(0.05)

    names = [[f"f.{layer}.{column}" for column in range(10)] for layer in range(10)]
    steps = [
        FlowStep(name, after=tuple(names[layer - 1]) if layer else ())
        for layer, row in enumerate(names)
        for name in row
    ]
    run = await run_plan(chain(*steps), {step.operation: nap for step in steps}, {})

    spans = [(timing.started, timing.finished) for timing in run.timings.values()]
    total = max(end for _, end in spans) - min(start for start, _ in spans)
    assert 0.5 <= total <= 1.5
    for layer in range(1, 10):
        ends = [run.timings[name].finished for name in names[layer - 1]]
        starts = [run.timings[name].started for name in names[layer]]
        assert max(ends) <= min(starts)


def test_the_error_travels_to_another_process() -> None:
    error = FlowError("f", "f.say", 2, "OSError: gone", "app/operations.py:3:1")

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes

    assert str(copy) == str(error)
    assert (copy.flow, copy.operation, copy.attempts) == ("f", "f.say", 2)


def test_waits_grow_and_stay_bounded() -> None:
    assert retry_delays(0) == []
    assert retry_delays(3) == pytest.approx([0.1, 0.2, 0.4])
    assert retry_delays(1000)[-1] == retry_delay(1000) == 5.0
    assert len(retry_delays(1000)) < 50


def test_the_engine_imports_neither_prefect_nor_pydantic() -> None:
    code = (
        "import sys, pulpo_base.flows.engine, pulpo_base.flows.prefect;"
        "print([name for name in ('prefect', 'pydantic', 'beanie') if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert answer.stdout.strip() == "[]"
