"""Eight processes patch one document, fifty patches at once each, all with If-Match.

Each revision may have one winner, and what winners wrote is all there in the end.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
from serving import compiled, pulpo_command, served

from pulpo_base.database import LocalMongod

PROCESSES = 8
PATCHES = 50
ROUNDS = 3


async def client(url: str, name: str) -> list[tuple[str, str]]:
    """Patch; return the revisions that were won, each with the field that was written."""
    won: list[tuple[str, str]] = []
    limits = httpx.Limits(max_connections=PATCHES)
    async with httpx.AsyncClient(timeout=120, limits=limits) as connection:

        async def patch(etag: str, field: str) -> None:
            body = {"free": {field: 1}}
            answer = await connection.patch(url, json=body, headers={"If-Match": etag})
            assert answer.status_code in (200, 412), answer.text
            if answer.status_code == 200:
                won.append((etag, field))

        for start in range(ROUNDS):
            etag = (await connection.get(url)).headers["etag"]
            names = (f"{name}_{start}_{number}" for number in range(PATCHES))
            await asyncio.gather(*(patch(etag, field) for field in names))
    return won


def race(workers: int) -> None:
    with tempfile.TemporaryDirectory() as folder, LocalMongod(Path(folder, "mongod", "db")) as db:
        project = compiled(Path(folder))
        # An idle connection that the server closes just when it is used again is no race of ours.
        command = pulpo_command("--workers", str(workers), "--timeout-keep-alive", "120")
        with served("pulpo", command, db.url, database="race", cwd=project) as server:
            made = httpx.post(server.url("/api/counters"), json={}, timeout=60)
            url = server.url(made.raise_for_status().headers["location"])
            started = time.perf_counter()
            clients = [
                subprocess.Popen(
                    [sys.executable, __file__, url, f"client{number}"],
                    stdout=subprocess.PIPE,
                    text=True,
                )
                for number in range(PROCESSES)
            ]
            outputs = [process.communicate(timeout=300)[0] for process in clients]
            seconds = time.perf_counter() - started
            stored = httpx.get(url, timeout=60).json()["free"]
    won = [tuple(pair) for output in outputs for pair in json.loads(output)]
    assert len({etag for etag, _ in won}) == len(won), "a revision had two winners"
    assert set(stored) == {field for _, field in won}, "a field was lost"
    sent = PROCESSES * PATCHES * ROUNDS
    print(f"{workers} workers: {sent} patches, {len(won)} winners, {seconds:.1f} s")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(asyncio.run(client(*sys.argv[1:]))))
    else:
        race(1)
        race(2)
