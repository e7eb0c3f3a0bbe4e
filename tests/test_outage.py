"""The database is killed and comes back while requests go on."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from pulpo_base.database import LocalMongod

Serve = Callable[..., AbstractContextManager[httpx.Client]]

WORKERS = 8


class Load:
    """Clients that create categories one after the other and note what became of each."""

    def __init__(self, url: httpx.URL) -> None:
        self._url = url
        self.acknowledged: set[str] = set()
        self.answers: list[tuple[float, httpx.Response]] = []
        self._ends = False

    @property
    def refused(self) -> int:
        return sum(answer.status_code == 503 for _, answer in self.answers)

    async def run(self, disturb: Callable[[], Any]) -> None:
        limits = httpx.Limits(max_connections=WORKERS)
        async with httpx.AsyncClient(base_url=self._url, timeout=30, limits=limits) as client:
            workers = [asyncio.create_task(self._create(client, n)) for n in range(WORKERS)]
            await asyncio.to_thread(disturb)
            self._ends = True
            await asyncio.gather(*workers)

    async def _create(self, client: httpx.AsyncClient, worker: int) -> None:
        number = 0
        while not self._ends:
            slug = f"shelf-{worker}-{number}"
            answer = await client.post("/api/categories", json={"slug": slug, "title": "Shelf"})
            self.answers.append((time.monotonic(), answer))
            if answer.status_code == 201:
                self.acknowledged.add(slug)
            number += 1


@pytest.mark.slow
def test_the_database_dies_and_comes_back(
    shop: Path, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So long waits what is under way when the server dies; what comes afterwards does not.
    monkeypatch.setenv("PULPO_DATABASE_TIMEOUT_MS", "3000")
    first = LocalMongod(tmp_path / "db").start()
    again = LocalMongod(tmp_path / "db", first.port)
    try:
        with serve(shop, url=first.url) as api:
            load = Load(api.base_url)
            times: dict[str, float] = {}

            def disturb() -> None:
                _until(lambda: len(load.acknowledged) >= WORKERS)
                os.kill(first.pid, signal.SIGKILL)
                first.stop()
                _until(lambda: load.refused >= 2 * WORKERS)
                assert api.get("/health", timeout=30).status_code == 503
                again.start()
                times["back"] = time.monotonic()
                _until(lambda: load.answers[-1][0] > times["back"] + 2)

            asyncio.run(load.run(disturb))
            sockets = _sockets_to(again)
    finally:
        first.stop()
        again.stop()

    # Requests in the air are answered by then, however busy this machine is.
    after = [answer for at, answer in load.answers if at > times["back"] + 1.5]
    assert {answer.status_code for answer in after} == {201}
    statuses = Counter(answer.status_code for _, answer in load.answers)
    # 504: refused in the very moment that the server came back.
    assert set(statuses) <= {201, 503, 504}
    for _, answer in load.answers:
        if answer.status_code == 503:
            assert answer.headers["content-type"].startswith("application/problem+json")
            assert int(answer.headers["retry-after"]) > 0
            assert "127.0.0.1" not in answer.text
    assert load.acknowledged <= sockets["slugs"]
    # One for each request at a time, and the few that watch: of the server, of the API, of ours.
    # Had each request that failed left one behind, there would be as many again.
    assert sockets["open"] < 2 * WORKERS, sockets["open"]
    assert statuses[503] >= WORKERS


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _sockets_to(mongod: LocalMongod) -> dict[str, Any]:
    with MongoClient[dict[str, Any]](mongod.url) as client:
        (name,) = (name for name in client.list_database_names() if name.startswith("test_"))
        return {
            "slugs": {row["slug"] for row in client[name]["categories"].find()},
            "open": client.admin.command("serverStatus")["connections"]["current"],
        }
