"""A real MongoDB server for all tests of the session, and a database of its own for each test.

FastAPI and httpx are imported by the fixtures that need them: other parts of the package are
tested where they are not installed.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from pulpo_base.database import LocalMongod

if TYPE_CHECKING:
    import httpx
    from fastapi import FastAPI

SAMPLES = str(Path(__file__).parent / "api")


@pytest.fixture(scope="session")
def mongodb_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the connection string of a server that runs as long as the session."""
    folder = tmp_path_factory.mktemp("mongod")
    with LocalMongod(folder / "db") as server:
        yield server.url


@pytest.fixture
def database_name() -> str:
    """Return the name of a database that no other test uses."""
    return f"test_{uuid4().hex}"


@pytest.fixture
async def shop(
    mongodb_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[FastAPI]:
    """Return an application written as Pulpo generates one, started."""
    if SAMPLES not in sys.path:
        sys.path.insert(0, SAMPLES)
    from sampleshop.generated.generated_api import app

    monkeypatch.setenv("PULPO_MONGODB_URL", mongodb_url)
    monkeypatch.setenv("PULPO_MONGODB_DATABASE", database_name)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(shop: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of the started application; a bug of the server raises in the test."""
    import httpx

    transport = httpx.ASGITransport(app=shop)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as found:
        yield found
