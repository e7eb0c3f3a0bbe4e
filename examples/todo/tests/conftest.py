"""A real MongoDB for the tests, with a database of its own for each of them."""

import os
import secrets
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from pulpo_base.database import LocalMongod, connected

# The modules are imported from the project's own folder, as in every project.
sys.path.insert(0, str(Path(__file__).parent.parent))

from models.todo import Todo


@pytest.fixture(scope="session")
def mongodb_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server of `PULPO_MONGODB_URL`, or one that lives as long as the tests."""
    given = os.environ.get("PULPO_MONGODB_URL")
    if given:
        yield given
        return
    with LocalMongod(tmp_path_factory.mktemp("mongod") / "data") as server:
        yield server.url


@pytest.fixture
async def database(mongodb_url: str) -> AsyncIterator[None]:
    async with connected(mongodb_url, f"todo_test_{secrets.token_hex(6)}", [Todo]) as database:
        yield
        await database.client.drop_database(database.name)
