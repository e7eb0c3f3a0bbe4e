"""A process that is killed in the middle of a step: the run says so, and is resumed."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pymongo", reason="runs are kept in MongoDB")

from pymongo import AsyncMongoClient

from pulpo_base.flows.running import resumed_call
from pulpo_base.flows.starting import start_flow
from pulpo_base.runs.working import background_runs

sys.path.insert(0, str(Path(__file__).parent))
from killed_flow import RUNTIME, databases

SCRIPT = Path(__file__).with_name("killed_flow.py")


def states(record: dict[str, Any]) -> list[str]:
    return [step["state"] for step in record["steps"]]


async def test_a_killed_run_ends_truthfully_and_writes_nothing_twice(
    mongodb_url: str, database_name: str
) -> None:
    async with AsyncMongoClient[dict[str, Any]](mongodb_url, tz_aware=True) as mongo:
        database = mongo[database_name]
        databases.append(database)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(SCRIPT),
            mongodb_url,
            database_name,
            env={**os.environ, "PAUSE": "600"},
        )
        try:
            async with asyncio.timeout(60):
                while True:
                    begun = await database["written"].find_one({"kind": "second"})
                    # How far it has come is written down a moment later.
                    noted = {"steps.0.state": "succeeded", "steps.1.state": "running"}
                    if begun and await database["pulpo_runs"].find_one(noted):
                        break
                    await asyncio.sleep(0.05)
        finally:
            process.kill()
            await process.wait()

        async with background_runs(database, beat=0.1, lease=1.0) as runs:
            async with asyncio.timeout(30):
                while True:
                    killed = await database["pulpo_runs"].find_one({"flow": "z"})
                    assert killed is not None
                    if killed["state"] != "running":
                        break
                    await asyncio.sleep(0.1)
            assert (killed["state"], killed["problem"]["code"]) == ("failed", "run_interrupted")
            assert states(killed)[0] == "succeeded"

            resumed = await start_flow(runs, RUNTIME, resumed_call(RUNTIME, killed))
            async with asyncio.timeout(30):
                await runs.ended(resumed["_id"])
            done = await runs.find(resumed["_id"])
        assert done is not None
        assert (done["state"], states(done)) == ("succeeded", ["kept", "succeeded"])
        written = [(one["kind"], one["times"]) async for one in database["written"].find()]
    # The step that was killed ran again, and changed what it had written the first time.
    assert sorted(written) == [("first", 1), ("second", 2)]
