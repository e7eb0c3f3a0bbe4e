"""What a record of a run has no room for: a document of MongoDB has 16 MiB."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from calls_of_flows import flow_call
from pydantic import BaseModel

from pulpo_base import operation
from pulpo_base.flows import (
    Binding,
    BindingSource,
    FlowDefinition,
    FlowParameter,
    FlowPlan,
    FlowRuntime,
    FlowStep,
)
from pulpo_base.specs import TypeKind, TypeRef

pytest.importorskip("pymongo", reason="runs are kept in MongoDB")

from pulpo_base.flows.starting import start_flow
from pulpo_base.runs.records import RunTooLargeError

if TYPE_CHECKING:
    from pulpo_base.runs.working import Runs

TEXT = TypeRef(TypeKind.SCALAR, "str")


class Text(BaseModel):
    text: str


@operation(name="large.read")
async def read(data: Text) -> None:
    raise ValueError(f"{len(data.text)} letters are too many")


LARGE_PLAN = FlowPlan(
    name="large",
    steps=(
        FlowStep(
            "large.read", bindings=(Binding("text", BindingSource.PARAMETER, TEXT, name="text"),)
        ),
    ),
    parameters=(FlowParameter("text", TEXT),),
)
LARGE = FlowRuntime(
    flows={"large": FlowDefinition(LARGE_PLAN, Text, BaseModel)}, operations={"large.read": read}
)


async def test_what_a_run_has_no_room_for_is_refused_or_left_out_at_once(
    runs: Runs, caplog: pytest.LogCaptureFixture
) -> None:
    # Kept twice, as it was given and as it may be shown.
    with pytest.raises(RunTooLargeError, match="store large values, and pass their ids"):
        await start_flow(runs, LARGE, flow_call(LARGE, "large", {"text": "x" * 9_000_000}))

    async with asyncio.timeout(20):
        record = await start_flow(runs, LARGE, flow_call(LARGE, "large", {"text": "x" * 7_000_000}))
        await runs.ended(record["_id"])
    found = await runs.find(record["_id"])
    assert found is not None
    (step,) = found["steps"]
    assert (found["state"], step["state"], step["attempts"]) == ("failed", "failed", 1)
    assert step["input"] == "(too large to be kept)"
    assert "the input of large.read is too large to be kept" in caplog.text
