"""Prefect's server is killed while a flow runs: the run ends, and is told of truthfully."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

sys.path.insert(0, str(Path(__file__).parent))
from prefect_project import PrefectProject, Record, once

# Minutes: a server of Prefect that starts twice, a worker, and a process for each run.
pytestmark = pytest.mark.slow

WAY = "worker"
FILES = {
    "models/written.py": """
        from beanie import Document
        from pulpo_base import datamodel

        @datamodel
        class Written(Document):
            step: str
            times: int
    """,
    "operations/patient.py": '''
        import asyncio

        from pulpo_base import current_task, operation
        from pydantic import BaseModel

        from models.written import Written

        class Text(BaseModel):
            text: str

        async def write(step: str) -> None:
            """Count how often this step of this run has written."""
            await Written.get_pymongo_collection().update_one(
                {"_id": current_task().document_id()},
                {"$set": {"step": step}, "$inc": {"times": 1}},
                upsert=True,
            )

        class Begin(BaseModel):
            text: str

        @operation(name="patient.first", models_out=[Written])
        async def first(data: Begin) -> Text:
            """Begin."""
            await write("first")
            return Text(text=data.text)

        @operation(name="patient.second", models_out=[Written], after=[first])
        async def second(data: Text) -> Text:
            """Take three seconds."""
            await write("second")
            await asyncio.sleep(3)
            return Text(text=data.text.upper())

        @operation(
            name="patient.third",
            models_out=[Written],
            after=[second],
            bind={"text": "patient.second.text"},
        )
        async def third(data: Text) -> Text:
            """End."""
            await write("third")
            return data
    ''',
}


@pytest.fixture
def project(make_project: Any, pulpo: Any, mongodb_url: str) -> PrefectProject:
    pytest.importorskip("prefect", reason="the server is Prefect's: pulpo-base[flows]")
    root = make_project(FILES)
    done = pulpo("init", "--no-database", cwd=root)
    assert done.returncode == 0, done.stderr
    return PrefectProject(root, mongodb_url)


def written(project: PrefectProject) -> dict[str, int]:
    with MongoClient[Record](project.mongodb_url) as mongo:
        found = mongo[f"prefect_{WAY}"]["Written"].find()
        return {one["step"]: one["times"] for one in found}


def state_at_prefect(project: PrefectProject, run: str) -> str:
    """Return how the run fares, as Prefect's pages show it."""
    answer = httpx.get(f"{project.url}/flow_runs/{run}", timeout=60, trust_env=False)
    return str(answer.json()["state_type"])


async def test_a_run_goes_on_without_the_server_and_tells_it_later(project: PrefectProject) -> None:
    async def second_runs() -> bool:
        return "second" in written(project)

    async def prefect_knows() -> bool:
        return state_at_prefect(project, run) == "COMPLETED"

    with ExitStack() as away:
        with project.server() as server:
            away.enter_context(project.worker(WAY))
            run = await project.begin("patient", {"text": "a"})
            await once(second_runs)
            server.kill()
            # The second step ends, and the third runs, while nobody hears of it.
            await asyncio.sleep(5)
        with project.server():
            (record,) = await project.ended(WAY, 1)
            assert (record["state"], json.loads(record["result"])["third"]) == (
                "succeeded",
                {"text": "A"},
            )
            steps = [(one["state"], one["attempts"]) for one in record["steps"]]
            assert steps == [("succeeded", 1)] * 3
            assert written(project) == {"first": 1, "second": 1, "third": 1}
            await once(prefect_knows)

            # The worker has outlived it, too.
            await project.begin("patient", {"text": "b"})
            again = await project.ended(WAY, 2)
            assert [one["state"] for one in again] == ["succeeded"] * 2
