"""The database is away for five seconds while a flow runs: its record says what happened."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from calls_of_flows import flow_call
from pydantic import BaseModel

pytest.importorskip("pymongo", reason="runs are kept in MongoDB")

from pymongo import AsyncMongoClient

from pulpo_base import operation
from pulpo_base.database import LocalMongod
from pulpo_base.flows import FlowDefinition, FlowPlan, FlowRuntime, FlowStep
from pulpo_base.flows.starting import start_flow
from pulpo_base.runs.working import background_runs

calls: list[str] = []
begun = asyncio.Event()
back = asyncio.Event()


class Empty(BaseModel):
    """Nothing."""


@operation(name="away.first")
async def first() -> None:
    calls.append("first")


@operation(name="away.second")
async def second() -> None:
    calls.append("second")
    begun.set()
    await back.wait()


@operation(name="away.third")
async def third() -> None:
    calls.append("third")


PLAN = FlowPlan(
    name="away",
    steps=(
        FlowStep("away.first"),
        FlowStep("away.second", after=("away.first",)),
        FlowStep("away.third", after=("away.second",)),
    ),
)
RUNTIME = FlowRuntime(
    flows={"away": FlowDefinition(PLAN, Empty, Empty)},
    operations={"away.first": first, "away.second": second, "away.third": third},
)


@pytest.mark.slow  # a server that is gone for five seconds
async def test_a_run_ends_truthfully_whose_database_was_away(tmp_path: Path) -> None:
    server = LocalMongod(tmp_path / "db").start()
    again = LocalMongod(tmp_path / "db", server.port)
    try:
        async with (
            AsyncMongoClient[dict[str, Any]](
                server.url, tz_aware=True, serverSelectionTimeoutMS=1000
            ) as mongo,
            background_runs(mongo["away"]) as runs,
        ):
            record = await start_flow(runs, RUNTIME, flow_call(RUNTIME, "away", {}))
            async with asyncio.timeout(30):
                await begun.wait()
            await asyncio.to_thread(server.stop)
            # The second step ends, and the third begins and ends, while nothing can be written.
            back.set()
            await asyncio.sleep(5)
            await asyncio.to_thread(again.start)
            async with asyncio.timeout(60):
                await runs.ended(record["_id"])
            found = await runs.find(record["_id"])
    finally:
        server.stop()
        again.stop()

    assert found is not None
    assert found["state"] == "succeeded"
    assert [step["state"] for step in found["steps"]] == ["succeeded"] * 3
    assert calls == ["first", "second", "third"]
