"""Requests while the server of the database is away, and those that it was lost under."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from beanie import Document
from fastapi import APIRouter, FastAPI
from pymongo.errors import PyMongoError
from starlette.requests import Request
from starlette.responses import JSONResponse

from pulpo_base.api import FailFast, health_router
from pulpo_base.database import LocalMongod, connected

#: So long an operation may take: without `FailFast` these tests would end in time limits.
TIMEOUT_MS = 120_000


class Note(Document):
    text: str

    class Settings:
        name = "notes"


router = APIRouter(prefix="/api")


@router.post("/notes", status_code=201)
async def create(text: str) -> dict[str, str]:
    note = await Note(text=text).insert()
    return {"id": str(note.id)}


@router.get("/notes")
async def count() -> int:
    return await Note.count()


@router.get("/sum")
async def add(a: int, b: int) -> int:
    return a + b


def application() -> FastAPI:
    app = FastAPI()
    app.add_middleware(FailFast)
    app.include_router(router)
    app.include_router(health_router())

    @app.exception_handler(PyMongoError)
    async def unavailable(_request: Request, error: Exception) -> JSONResponse:
        return JSONResponse(type(error).__name__, 503)

    return app


async def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


@pytest.mark.slow
async def test_an_outage(tmp_path: Path) -> None:
    server = LocalMongod(tmp_path / "db").start()
    again = LocalMongod(tmp_path / "db", server.port)
    app = application()
    transport = httpx.ASGITransport(app=app)
    try:
        async with (
            connected(server.url, "notes", [Note], timeout_ms=TIMEOUT_MS) as database,
            httpx.AsyncClient(transport=transport, base_url="http://notes") as client,
        ):
            app.state.database = database
            await _outage(client, database.client, server, again)
    finally:
        server.stop()
        again.stop()


async def _outage(
    client: httpx.AsyncClient, driver: Any, server: LocalMongod, again: LocalMongod
) -> None:
    assert (await client.post("/api/notes?text=before")).status_code == 201
    os.kill(server.pid, signal.SIGSTOP)
    under_way = [
        asyncio.create_task(client.post("/api/notes?text=under-way")),
        asyncio.create_task(client.get("/api/notes")),
    ]
    await asyncio.sleep(0.1)  # so that they have been sent
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    await until(lambda: not driver.topology_description.has_known_servers)

    # The time limit of a request that comes now would be two minutes.
    read, write, plain, live, ready, health = await asyncio.gather(
        client.get("/api/notes"),
        client.post("/api/notes?text=lost"),
        client.get("/api/sum?a=1&b=2"),
        client.get("/health/live"),
        client.get("/health/ready"),
        client.get("/health"),
    )
    assert (read.status_code, write.status_code) == (503, 503)
    assert (plain.json(), live.status_code) == (3, 200)
    assert (ready.status_code, ready.headers["retry-after"]) == (503, "1")
    assert health.status_code == 503
    assert not any(task.done() for task in under_way)

    await asyncio.to_thread(again.start)
    created, counted = await asyncio.gather(*under_way)
    assert (created.status_code, counted.status_code) == (201, 200)
    assert (await client.get("/health/ready")).status_code == 200
    # Written once, although it was sent twice; what was refused is not written.
    assert (await client.get("/api/notes")).json() == 2
