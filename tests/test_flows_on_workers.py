"""One flow on threads, on processes of Dask, by a worker and by `flows serve`: the same records."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from pymongo import MongoClient

from pulpo_base.runs.prefect_api import PrefectApi

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
T = TypeVar("T")

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


class Trial:
    """The project, a Prefect server, and where what it does is written down."""

    def __init__(self, root: Path, mongodb_url: str, prefect_url: str) -> None:
        self.root = root
        self.mongodb_url = mongodb_url
        self.prefect_url = prefect_url

    def environment(self, way: str, **more: str) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(self.root),
            "PULPO_MONGODB_URL": self.mongodb_url,
            "PULPO_MONGODB_DATABASE": f"trial_{way}",
            "PREFECT_API_URL": self.prefect_url,
            "PREFECT_HOME": str(self.root.parent / "prefect"),
            "PREFECT_LOGGING_LEVEL": "CRITICAL",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "PREFECT_RUNNER_POLL_FREQUENCY": "1",
            "DO_NOT_TRACK": "1",
            **more,
        }

    def run(self, way: str, *arguments: str, **more: str) -> None:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=self.environment(way, **more),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr[-4000:]

    @contextmanager
    def running(self, way: str, *arguments: str) -> Iterator[None]:
        """Keep a process for the length of the block."""
        log = self.root.parent / f"{way}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=self.root,
                env=self.environment(way),
                stdout=output,
                stderr=output,
            )
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)

    async def begin(self, way: str, deployment: str) -> None:
        """Begin a run for each word at the server, one after the other."""

        async def deployed() -> str | None:
            return await api.deployment("trial", deployment)

        async def ended(count: int) -> bool:
            return len(self.records(way)) == count

        async with PrefectApi(self.prefect_url, patience=60) as api:
            found = await once(deployed)
            for count, word in enumerate(WORDS, 1):
                await api.begin(found, {"word": word})
                await once(partial(ended, count))

    def records(self, way: str) -> list[dict[str, Any]]:
        """Return what is written down of the runs that have ended, without what differs."""
        with MongoClient[dict[str, Any]](self.mongodb_url) as mongo:
            found = mongo[f"trial_{way}"]["pulpo_runs"].find({"state": {"$ne": "running"}})
            return [told(record) for record in found.sort("created_at")]


async def once(answer: Callable[[], Awaitable[T | None]]) -> T:
    """Return the answer when there is one."""
    async with asyncio.timeout(240):
        while True:
            if found := await answer():
                return found
            await asyncio.sleep(0.5)


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
def trial(tmp_path: Path, make_project: Any, pulpo: Any, mongodb_url: str) -> Iterator[Trial]:
    pytest.importorskip("prefect_dask", reason="Dask needs pulpo-base[dask]")
    root = make_project(FILES)
    done = pulpo("init", "--no-database", cwd=root)
    assert done.returncode == 0, done.stderr
    (root / "in_process.py").write_text(IN_PROCESS)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    found = Trial(root, mongodb_url, f"http://127.0.0.1:{port}/api")
    server = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", port]
    with found.running("server", *server):
        deadline = time.monotonic() + 300
        while not _answers(f"{found.prefect_url}/health"):
            assert time.monotonic() < deadline, "Prefect's server does not start"
            time.sleep(0.5)
        yield found


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).is_success
    except httpx.HTTPError:
        return False


async def test_results_errors_and_tries_are_the_same_wherever_it_runs(trial: Trial) -> None:
    words = json.dumps(WORDS)
    options = json.dumps({"cluster_kwargs": {"n_workers": 2, "threads_per_worker": 2}})
    await asyncio.to_thread(trial.run, "threads", "in_process.py", words)
    await asyncio.to_thread(
        trial.run,
        "dask",
        "in_process.py",
        words,
        PULPO_FLOW_TASK_RUNNER="dask",
        PULPO_FLOW_TASK_RUNNER_OPTIONS=options,
    )
    await asyncio.to_thread(trial.run, "worker", "main", "flows", "deploy")
    pool = trial.root.name
    worker = ["-m", "prefect", "worker", "start", "--pool", pool, "--type", "process"]
    with trial.running("worker", *worker):
        await trial.begin("worker", pool)
    with trial.running("served", "main", "flows", "serve"):
        await trial.begin("served", f"{pool}-served")

    threads = trial.records("threads")
    assert [(one["word"], one["state"], one["steps"][1]) for one in threads] == [
        ("once", "succeeded", ("trial.say", "succeeded", 1)),
        ("twice", "succeeded", ("trial.say", "succeeded", 3)),
        ("always", "failed", ("trial.say", "failed", 3)),
        ("never", "failed", ("trial.say", "failed", 1)),
    ]
    assert [(one["problem"] or {}).get("code") for one in threads] == [
        None,
        None,
        "ConnectionError",
        "never",
    ]
    assert threads[1]["result"]["end"] == {"text": "TWICE", "tries": 3}
    for way in ("dask", "worker", "served"):
        assert trial.records(way) == threads, way
