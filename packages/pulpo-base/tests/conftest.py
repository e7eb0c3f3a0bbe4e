"""A real MongoDB server for all tests of the session, and a database of its own for each test."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from pulpo_base.database import LocalMongod


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
