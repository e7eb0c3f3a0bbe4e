"""A compiled project, a Prefect server of its own, and the processes that run its flows."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
from pymongo import MongoClient

from pulpo_base.runs.prefect_api import PrefectApi

Record = dict[str, Any]
T = TypeVar("T")


class PrefectProject:
    """A project at `root`; each `way` to run its flows has a database of its own."""

    def __init__(self, root: Path, mongodb_url: str) -> None:
        """Nothing is started; the server will be where nobody else is."""
        self.root = root
        self.pool = root.name
        self.mongodb_url = mongodb_url
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = str(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self._port}/api"

    def environment(self, way: str, **more: str) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(self.root),
            "PULPO_MONGODB_URL": self.mongodb_url,
            "PULPO_MONGODB_DATABASE": f"prefect_{way}",
            "PREFECT_API_URL": self.url,
            "PREFECT_HOME": str(self.root.parent / "prefect"),
            "PREFECT_LOGGING_LEVEL": "CRITICAL",
            # As `./main up` has them.
            "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
            "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "2",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "PREFECT_RUNNER_POLL_FREQUENCY": "1",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            **more,
        }

    def run(self, way: str, *arguments: str, **more: str) -> None:
        """Run Python with these arguments in the project until it ends well."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=self.environment(way, **more),
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
        assert done.returncode == 0, done.stderr[-4000:]

    @contextmanager
    def running(self, way: str, *arguments: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
        """Keep a process for the length of the block."""
        log = self.root.parent / f"{way}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=self.root,
                env=self.environment(way, **more),
                stdout=output,
                stderr=output,
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)

    @contextmanager
    def server(self) -> Iterator[subprocess.Popen[bytes]]:
        """Keep Prefect's server for the length of the block; what it knows outlives it."""
        command = ["server", "start", "--host", "127.0.0.1", "--port", self._port]
        with self.running("server", "-m", "prefect", *command) as process:
            deadline = time.monotonic() + 300
            while not self._answers():
                assert process.poll() is None, "Prefect's server ended"
                assert time.monotonic() < deadline, "Prefect's server does not start"
                time.sleep(0.5)
            yield process

    @contextmanager
    def worker(self, way: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
        """Deploy the flows, and keep a worker for the length of the block."""
        self.run(way, "main", "flows", "deploy")
        command = ["worker", "start", "--pool", self.pool, "--type", "process"]
        with self.running(way, "-m", "prefect", *command, **more) as process:
            yield process

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", trust_env=False).is_success
        except httpx.HTTPError:
            return False

    async def begin(self, flow: str, parameters: Record, *, deployment: str = "") -> str:
        """Begin a run at the server, as soon as the flow is deployed there; return its id."""

        async def deployed() -> str | None:
            return await api.deployment(flow, deployment or self.pool)

        async with PrefectApi(self.url, patience=60) as api:
            return await api.begin(await once(deployed), parameters)

    def records(self, way: str) -> list[Record]:
        """Return what is written down of runs, in the order in which they began."""
        with MongoClient[Record](self.mongodb_url) as mongo:
            found = mongo[f"prefect_{way}"]["pulpo_runs"].find()
            return found.sort("created_at").to_list()

    async def ended(self, way: str, count: int) -> list[Record]:
        """Return the records when so many runs have ended."""

        async def found() -> list[Record] | None:
            records = [one for one in self.records(way) if one["state"] != "running"]
            return records if len(records) == count else None

        return await once(found)


async def once(answer: Callable[[], Awaitable[T | None]]) -> T:
    """Return the answer when there is one; a run waits up to two minutes between two tries."""
    async with asyncio.timeout(400):
        while True:
            if found := await answer():
                return found
            await asyncio.sleep(0.5)
