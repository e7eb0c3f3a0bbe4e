"""Operations on failure: called once for each step that had begun, the last step first."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import BaseModel, Field

from pulpo_base import operation
from pulpo_base.flows import (
    Binding,
    BindingSource,
    FlowError,
    FlowParameter,
    FlowPlan,
    FlowRuntime,
    FlowStep,
    StepEvent,
    StepEventKind,
    run_plan,
)
from pulpo_base.flows.interruption import StillActingError
from pulpo_base.runs.kept import KeptText
from pulpo_base.specs import TypeKind, TypeRef

TEXT = TypeRef(TypeKind.SCALAR, "str")

undone: list[tuple[str, str]] = []


class Order(BaseModel):
    item: str


class Reserved(BaseModel):
    place: str


class Release(BaseModel):
    item: str
    place: str


@operation(name="u.reserve", on_failure="u.release")
async def reserve(data: Order) -> Reserved:
    return Reserved(place=f"shelf of {data.item}")


@operation(name="u.release")
async def release(data: Release) -> None:
    undone.append((data.item, data.place))


@operation(name="u.charge", on_failure="u.refund")
async def charge(data: Order) -> Reserved:
    if data.item == "gold":
        raise ConnectionError("too dear")
    return Reserved(place="bank")


@operation(name="u.refund")
def refund(data: Order) -> None:
    undone.append((data.item, "refund"))
    if data.item == "gold":
        raise RuntimeError("the bank is closed")


@operation(name="u.send", on_failure="u.call_back")
async def send(data: Order) -> None:
    if data.item == "bomb":
        raise ValueError("not by mail")


@operation(name="u.call_back")
async def call_back(data: Release) -> None:
    undone.append(("never", data.place))


OPERATIONS: dict[str, Any] = {
    "u.reserve": reserve,
    "u.release": release,
    "u.charge": charge,
    "u.refund": refund,
    "u.send": send,
    "u.call_back": call_back,
}

ITEM = (Binding("item", BindingSource.PARAMETER, TEXT, name="item"),)
PLAN = FlowPlan(
    name="u",
    steps=(
        FlowStep("u.reserve", bindings=ITEM, on_failure=("u.release",)),
        FlowStep(
            "u.charge", after=("u.reserve",), bindings=ITEM, retries=1, on_failure=("u.refund",)
        ),
        FlowStep("u.send", after=("u.charge",), bindings=ITEM, on_failure=("u.call_back",)),
    ),
    parameters=(FlowParameter("item", TEXT),),
)


@pytest.fixture(autouse=True)
def nothing_undone() -> None:
    undone.clear()


async def test_nothing_is_undone_where_nothing_fails() -> None:
    await run_plan(PLAN, OPERATIONS, {"item": "book"})
    assert undone == []


async def test_the_last_step_is_undone_first_with_what_it_had() -> None:
    events: list[StepEvent] = []
    with pytest.raises(FlowError, match="not by mail"):
        await run_plan(PLAN, OPERATIONS, {"item": "bomb"}, on_event=events.append)

    # The step that failed gave no place to call back from.
    assert undone == [("bomb", "refund"), ("bomb", "shelf of bomb")]
    told = [event.operation for event in events if event.kind is StepEventKind.UNDONE]
    assert told == ["u.charge", "u.reserve"]


async def test_a_failed_step_is_undone_where_its_input_is_enough() -> None:
    events: list[StepEvent] = []
    with pytest.raises(FlowError, match="too dear") as caught:
        await run_plan(PLAN, OPERATIONS, {"item": "gold"}, on_event=events.append)

    # Once, however often the step was tried; that the bank is closed hides nothing.
    assert caught.value.attempts == 2
    assert undone == [("gold", "refund"), ("gold", "shelf of gold")]
    errors = {e.operation: e.error for e in events if e.kind is StepEventKind.UNDONE}
    assert isinstance(errors["u.charge"], RuntimeError)
    assert errors["u.reserve"] is None


class Away:
    """A store that cannot be reached, until it was asked `answers_after` times to forget."""

    def __init__(self, answers_after: int) -> None:
        self.left = answers_after

    async def find(self, key: str) -> str | None:
        raise ConnectionError

    async def keep(self, outputs: Sequence[KeptText]) -> None:
        raise ConnectionError

    async def forget(self, key: str) -> None:
        self.left -= 1
        if self.left >= 0:
            raise ConnectionError


@pytest.mark.parametrize(("asked", "said"), [(3, False), (1_000_000, True)])
async def test_what_cannot_be_forgotten_is_undone_all_the_same(
    asked: int,
    said: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("pulpo_base.flows.undoing._PATIENCE", 0.5)
    events: list[StepEvent] = []
    with pytest.raises(FlowError, match="not by mail"):
        await run_plan(PLAN, OPERATIONS, {"item": "bomb"}, on_event=events.append, kept=Away(asked))

    assert undone == [("bomb", "refund"), ("bomb", "shelf of bomb")]
    assert [e.error for e in events if e.kind is StepEventKind.UNDONE] == [None, None]
    # Whoever resumes the run has to know that it would take these steps for done.
    assert ("u.charge, u.reserve: undone, but a run that resumes" in caplog.text) is said


goes_on = threading.Event()


class Late(BaseModel):
    number: int


@operation(name="u.pay", on_failure="u.pay_back")
def pay(data: Order) -> Late:
    goes_on.wait(60 if data.item == "yacht" else 0.3)
    undone.append((data.item, "paid"))
    return Late(number=7)


@operation(name="u.pay_back")
async def pay_back(data: Late) -> None:
    undone.append(("back", str(data.number)))


@operation(name="u.fail")
async def fail() -> None:
    await asyncio.sleep(0.05)
    raise ValueError("not today")


PAYING = FlowPlan(
    name="u",
    steps=(
        FlowStep("u.pay", bindings=ITEM, on_failure=("u.pay_back",)),
        FlowStep("u.fail"),
    ),
    parameters=(FlowParameter("item", TEXT),),
)
PAY: dict[str, Any] = {"u.pay": pay, "u.pay_back": pay_back, "u.fail": fail}


async def test_a_thread_ends_before_what_it_did_is_undone() -> None:
    events: list[StepEvent] = []
    with pytest.raises(FlowError, match="not today"):
        await run_plan(PAYING, PAY, {"item": "book"}, on_event=events.append)

    # With what it returned, although its step had been cancelled.
    assert undone == [("book", "paid"), ("back", "7")]
    assert StepEventKind.ACTING not in {event.kind for event in events}


async def test_a_thread_ends_before_what_it_did_is_undone_on_prefect() -> None:
    pytest.importorskip("prefect", reason="the Prefect engine needs pulpo-base[flows]")
    from pulpo_base.flows.prefect import StepGroup, run_operation

    async def run() -> None:
        runtime = FlowRuntime(flows={}, operations=PAY)
        async with StepGroup("u", plan=PAYING, runtime=runtime) as steps:
            steps.start(pay, run_operation(pay, Order(item="book")))
            steps.start(fail, run_operation(fail))

    with pytest.raises(FlowError, match="not today"):
        await run()
    assert undone == [("book", "paid"), ("back", "7")]


async def test_a_step_whose_thread_goes_on_is_not_called_undone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pulpo_base.flows.undoing.THREAD_PATIENCE", 0.05)
    events: list[StepEvent] = []
    with pytest.raises(FlowError, match="not today"):
        await run_plan(PAYING, PAY, {"item": "yacht"}, on_event=events.append)

    assert undone == []
    told = [(e.kind, type(e.error)) for e in events if e.operation == "u.pay"][-2:]
    assert told == [
        (StepEventKind.UNDONE, StillActingError),
        (StepEventKind.ACTING, type(None)),
    ]
    goes_on.set()


class Booking(BaseModel):
    item: str
    count: int = 2
    number: str = Field(default_factory=lambda: "made")


class Counted(BaseModel):
    item: str
    count: int


class Numbered(BaseModel):
    number: str


@operation(name="u.book", on_failure=["u.unbook", "u.unnumber"])
async def book(data: Booking) -> None: ...


@operation(name="u.unbook")
async def unbook(data: Counted) -> None:
    undone.append((data.item, str(data.count)))


@operation(name="u.unnumber")
async def unnumber(data: Numbered) -> None:
    undone.append((data.number, ""))


async def test_what_a_step_had_by_default_undoes_it_too() -> None:
    item = Binding("item", BindingSource.PARAMETER, TEXT, name="item")
    plan = FlowPlan(
        "u",
        steps=(
            FlowStep("u.book", bindings=(item,), on_failure=("u.unbook", "u.unnumber")),
            FlowStep("u.send", after=("u.book",), bindings=(item,)),
        ),
        parameters=(FlowParameter("item", TEXT),),
    )
    operations: dict[str, Any] = {
        "u.book": book,
        "u.unbook": unbook,
        "u.unnumber": unnumber,
        "u.send": send,
    }
    events: list[StepEvent] = []
    with pytest.raises(FlowError, match="not by mail"):
        await run_plan(plan, operations, {"item": "bomb"}, on_event=events.append)

    assert undone == [("bomb", "2")]
    # What a factory made is not known any more, and it is said that this step is not undone.
    errors = [type(event.error) for event in events if event.kind is StepEventKind.UNDONE]
    assert errors == [type(None), LookupError]
