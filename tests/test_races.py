"""Many processes change one document at once: each revision has one winner, nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

Serve = Callable[..., AbstractContextManager[httpx.Client]]

PROCESSES = 3
ROUNDS = 3
#: A process: `ROUNDS` times, on the document's current revision, all its patches at once.
CLIENT = """
import asyncio, json, sys
import httpx

url, rounds, patches = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


async def main():
    won = []
    limits = httpx.Limits(max_connections=patches)
    async with httpx.AsyncClient(timeout=60, limits=limits) as client:

        async def patch(etag, number):
            field = f"{sys.argv[4]}_{number}"
            answer = await client.patch(
                url, json={"free": {field: number}}, headers={"If-Match": etag}
            )
            assert answer.status_code in (200, 412), answer.text
            if answer.status_code == 200:
                won.append((etag, field))
            return answer

        for start in range(rounds):
            etag = (await client.get(url)).headers["etag"]
            numbers = range(start * patches, (start + 1) * patches)
            await asyncio.gather(*(patch(etag, number) for number in numbers))
    print(json.dumps(won))


asyncio.run(main())
"""
FILES = {
    "models.py": '''
        """What is stored."""

        from beanie import Document
        from pulpo_base import datamodel


        @datamodel
        class Counter(Document):
            """Something that many change."""

            free: dict[str, int] = {}

            class Settings:
                name = "counters"
    ''',
}


@pytest.mark.slow
@pytest.mark.parametrize("workers", [2])  # benchmarks/api/race.py has more
def test_one_winner_for_each_revision(
    workers: int, make_project: Callable[..., Path], pulpo: Callable[..., object], serve: Serve
) -> None:
    project = make_project(FILES)
    pulpo("init", "--no-database", cwd=project)
    # An idle connection that is closed when it is used again is no race of ours.
    with serve(project, "--workers", str(workers), "--timeout-keep-alive", "120") as api:
        made = api.post("/api/counters", json={})
        assert made.status_code == 201, made.text
        url = str(api.base_url.join(made.headers["location"]))
        clients = [
            subprocess.Popen(
                [sys.executable, "-c", CLIENT, url, str(ROUNDS), "10", f"client{number}"],
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(PROCESSES)
        ]
        outputs = [client.communicate(timeout=120)[0] for client in clients]
        assert [client.returncode for client in clients] == [0] * PROCESSES
        stored = api.get(url).json()["free"]

    won = [tuple(pair) for output in outputs for pair in json.loads(output)]
    assert len(won) >= ROUNDS
    assert len({etag for etag, _ in won}) == len(won)
    assert set(stored) == {field for _, field in won}
