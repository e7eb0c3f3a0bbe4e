"""One flow on threads, on processes of Dask, by a worker and by `flows serve`: the same records."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from prefect_project import PrefectProject

# Minutes: a server of Prefect, a cluster, a worker, and a process for each run.
pytestmark = pytest.mark.slow

FILES = {
    "models/call.py": """
        from beanie import Document
        from pulpo_base import datamodel

        @datamodel
        class Call(Document):
            step: str
            key: str
    """,
    "operations/trial.py": '''
        from pulpo_base import current_task, operation
        from pulpo_utils.exceptions import ValidationError
        from pydantic import BaseModel

        from models.call import Call

        class NeverError(ValidationError):
            """No try will succeed."""

            code = "never"

        class Begin(BaseModel):
            word: str

        class Begun(BaseModel):
            word: str
            failures: int

        class Said(BaseModel):
            text: str
            tries: int

        @operation(name="trial.begin")
        async def begin(data: Begin) -> Begun:
            """Say how often the next step fails."""
            return Begun(word=data.word, failures={"twice": 2, "always": 9}.get(data.word, 0))

        @operation(name="trial.say", models_out=[Call], after=[begin], retries=2)
        async def say(data: Begun) -> Said:
            """Fail as often as that, or for ever."""
            key = current_task().key
            await Call(step="say", key=key).insert()
            tries = await Call.find({"key": key}).count()
            if data.word == "never":
                raise NeverError("it will not get better")
            if tries <= data.failures:
                raise ConnectionError(f"try {tries}")
            return Said(text=data.word.upper(), tries=tries)

        @operation(name="trial.end", after=[say])
        def end(data: Said) -> Said:
            """Return it, from a thread."""
            return data
    ''',
}
WORDS = ("once", "twice", "always", "never")
IN_PROCESS = """
import asyncio, json, sys

from run_cache.prefect_flows import FLOWS
from pulpo_base.flows import FlowError


async def main():
    for word in json.loads(sys.argv[1]):
        try:
            await FLOWS["trial"](word=word)
        except FlowError as error:
            print(error)


if __name__ == "__main__":
    asyncio.run(main())
"""


def told(record: Mapping[str, Any]) -> dict[str, Any]:
    steps = [(one["operation"], one["state"], one.get("attempts")) for one in record["steps"]]
    return {
        "word": record["shown"]["word"],
        "state": record["state"],
        "steps": steps,
        "result": json.loads(record.get("result") or "null"),
        "problem": record.get("problem"),
    }


@pytest.fixture
def project(make_project: Any, pulpo: Any, mongodb_url: str) -> PrefectProject:
    pytest.importorskip("prefect_dask", reason="Dask needs pulpo-base[dask]")
    root = make_project(FILES)
    done = pulpo("init", "--no-database", cwd=root)
    assert done.returncode == 0, done.stderr
    (root / "in_process.py").write_text(IN_PROCESS)
    return PrefectProject(root, mongodb_url)


async def each_word(project: PrefectProject, way: str, deployment: str) -> None:
    """Begin a run for each word at the server, one after the other."""
    for count, word in enumerate(WORDS, 1):
        await project.begin("trial", {"word": word}, deployment=deployment)
        await project.ended(way, count)


async def test_results_errors_and_tries_are_the_same_wherever_it_runs(
    project: PrefectProject,
) -> None:
    words = json.dumps(WORDS)
    dask = {
        "PULPO_FLOW_TASK_RUNNER": "dask",
        "PULPO_FLOW_TASK_RUNNER_OPTIONS": json.dumps(
            {"cluster_kwargs": {"n_workers": 2, "threads_per_worker": 2}}
        ),
    }
    with project.server():
        await asyncio.to_thread(project.run, "threads", "in_process.py", words)
        await asyncio.to_thread(project.run, "dask", "in_process.py", words, **dask)
        with project.worker("worker"):
            await each_word(project, "worker", project.pool)
        with project.running("served", "main", "flows", "serve"):
            await each_word(project, "served", f"{project.pool}-served")

    threads = [told(record) for record in project.records("threads")]
    assert [(one["word"], one["state"], one["steps"][1]) for one in threads] == [
        ("once", "succeeded", ("trial.say", "succeeded", 1)),
        ("twice", "succeeded", ("trial.say", "succeeded", 3)),
        ("always", "failed", ("trial.say", "failed", 3)),
        ("never", "failed", ("trial.say", "failed", 1)),
    ]
    assert [(one["problem"] or {}).get("code") for one in threads] == [
        None,
        None,
        "internal_error",
        "never",
    ]
    assert threads[1]["result"]["end"] == {"text": "TWICE", "tries": 3}
    for way in ("dask", "worker", "served"):
        assert [told(record) for record in project.records(way)] == threads, way
