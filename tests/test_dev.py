"""`pulpo dev` as a process: a change is served, mistakes are survived, nothing is left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

Pulpo = Callable[..., subprocess.CompletedProcess[str]]

_PATIENCE = 60.0
MODEL = '''
from beanie import Document
from pulpo_base import datamodel


@datamodel
class Note(Document):
    """Something written down."""

    text: str
'''


class Dev:
    """A running `pulpo dev`, and what it has said so far."""

    def __init__(self, process: subprocess.Popen[str], root: Path) -> None:
        self.process = process
        self.model = root / "models" / "note.py"
        self.said: list[str] = []
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        self.said.extend(iter(self.process.stdout.readline, ""))

    def hears(self, pattern: str, *, times: int = 1) -> str:
        """Wait until lines with a pattern were said, and return the last."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            found = [line for line in self.said if re.search(pattern, line)]
            if len(found) >= times:
                return found[-1]
            time.sleep(0.02)
        raise AssertionError(f"no {pattern!r} in:\n{''.join(self.said)}")


@contextmanager
def developing(root: Path) -> Iterator[Dev]:
    with subprocess.Popen(
        [sys.executable, "-m", "pulpo_cli", "dev"],
        cwd=root,
        env={**os.environ, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1", "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        dev = Dev(process, root)
        try:
            yield dev
        finally:
            process.kill()
            process.wait()
            dev.listener.join(_PATIENCE)


def left_in(root: Path) -> list[str]:
    """Return the commands of processes that work in a project's folder, or on its database."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            place = os.readlink(folder / "cwd")  # noqa: PTH115 - it may name what has gone
        except OSError:
            continue
        if place == str(root) or str(root) in command:
            found.append(command)
    return found


def gone(root: Path) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while left_in(root) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left_in(root) == []


@pytest.fixture
def project(tmp_path: Path, pulpo: Pulpo) -> Path:
    root = tmp_path / "notes"
    (root / "models").mkdir(parents=True)
    (root / "models" / "note.py").write_text(MODEL)
    assert pulpo("init", "--no-database", cwd=root).returncode == 0
    return root


@pytest.mark.skipif(sys.platform != "linux", reason="processes are counted in /proc")
def test_changes_are_served_and_mistakes_survived(project: Path) -> None:
    with developing(project) as dev:
        url = dev.hears("save a file").split()[1].removesuffix("/docs;")

        def fields() -> set[str]:
            schemas = httpx.get(f"{url}/openapi.json").json()["components"]["schemas"]
            return {name for schema in schemas.values() for name in schema.get("properties", ())}

        assert "author" not in fields()
        dev.model.write_text(f"{MODEL}    author: str = ''\n")
        dev.hears("s after the change")
        assert "author" in fields()

        dev.model.write_text(f"{MODEL}    author: = ''\n")
        assert "models/note.py:11:" in dev.hears("error PLD001")
        assert url in dev.hears("not compiled")
        assert "author" in fields(), "what compiled last is served"

        dev.model.write_text(f"{MODEL}\n\nraise RuntimeError('so not')\n")
        dev.hears("RuntimeError: so not")
        dev.hears("does not load, see above")
        assert "uvicorn" not in "".join(dev.said), "the traceback begins in the project"
        assert "author" in fields()

        dev.model.write_text(f"{MODEL}    editor: str = ''\n")
        dev.hears("s after the change", times=2)
        assert "editor" in fields()

        dev.process.send_signal(signal.SIGINT)
        assert dev.process.wait(_PATIENCE) == 0
        assert left_in(project) == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are counted in /proc")
def test_nothing_stays_when_it_is_killed(project: Path) -> None:
    with developing(project) as dev:
        dev.hears("save a file")
        assert len(left_in(project)) > 3, "mongod, the API, its process, and a spare one"
        dev.process.kill()
        assert gone(project)
