"""Whole projects for the tests that need all six packages: compiled, served, run as processes."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from pulpo_base.database import LocalMongod

ROOT = Path(__file__).resolve().parent.parent

Pulpo = Callable[..., subprocess.CompletedProcess[str]]
Serve = Callable[..., AbstractContextManager[httpx.Client]]
MakeProject = Callable[[Mapping[str, str]], Path]


@pytest.fixture(scope="session")
def mongodb_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with LocalMongod(tmp_path_factory.mktemp("mongod") / "db") as server:
        yield server.url


@pytest.fixture(scope="session")
def pulpo() -> Pulpo:
    """Run the `pulpo` command as a process in a folder; its output is text."""

    def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pulpo_cli", *arguments],
            cwd=cwd,
            env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1", **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Write files (path to dedented text) into a new project folder."""

    def make(files: Mapping[str, str]) -> Path:
        root = tmp_path / "project"
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
        return root

    return make


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, pulpo: Pulpo) -> Path:
    """The example shop, compiled: tests must not change its files."""
    return _compiled(tmp_path_factory.mktemp("shop") / "shop", "shop", pulpo)


@pytest.fixture(scope="session")
def todo(tmp_path_factory: pytest.TempPathFactory, pulpo: Pulpo) -> Path:
    """The example todo, compiled: tests must not change its files."""
    return _compiled(tmp_path_factory.mktemp("todo") / "todo", "todo", pulpo)


@pytest.fixture
def own_shop(tmp_path: Path, pulpo: Pulpo) -> Path:
    """A compiled shop of the test's own."""
    return _compiled(tmp_path / "shop", "shop", pulpo)


def _compiled(folder: Path, example: str, pulpo: Pulpo) -> Path:
    shutil.copytree(
        ROOT / "examples" / example,
        folder,
        ignore=shutil.ignore_patterns("__pycache__", ".pulpo", "run_cache", ".*_cache"),
    )
    done = pulpo("init", "--no-database", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def serve(mongodb_url: str) -> Serve:
    """Serve a project's generated API from a fresh process, on a database of its own.

    `url` is another MongoDB server than the session's, `options` are more options of uvicorn,
    `app` is another application of the project's than the generated one.
    """

    @contextmanager
    def served(
        project: Path,
        *options: str,
        url: str = mongodb_url,
        app: str = "run_cache.generated_api:app",
    ) -> Iterator[httpx.Client]:
        port = _free_port()
        command = [sys.executable, "-m", "uvicorn", app]
        environment = {
            **os.environ,
            "PULPO_MONGODB_URL": url,
            "PULPO_MONGODB_DATABASE": f"test_{uuid4().hex}",
        }
        log = project.parent / f"uvicorn-{port}.log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [*command, "--host", "127.0.0.1", "--port", str(port), *options],
                cwd=project,
                env=environment,
                stdout=output,
                stderr=output,
            )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
                _wait(client, server, log)
                yield client
        finally:
            server.terminate()
            server.wait(timeout=20)

    return served


def _wait(client: httpx.Client, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            if client.get("/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    pytest.fail(f"the API did not start:\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
