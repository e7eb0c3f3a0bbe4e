"""Servers to be measured: each a process group of its own, on a database of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bson import ObjectId
from pymongo import MongoClient

HERE = Path(__file__).parent
PULPO = [sys.executable, "-m", "uvicorn", "run_cache.generated_api:app"]
QUIET = ["--no-access-log", "--log-level", "critical"]


@dataclass(frozen=True)
class Server:
    """A running server: `group` is the id of its process group."""

    name: str
    port: int
    group: int

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def processor_seconds(self) -> float:
        """Return the CPU time that its processes have used so far."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(") ")[2].split()
            except OSError:  # it has ended meanwhile
                continue
            if int(fields[2]) == self.group:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def resident_mib(self) -> float:
        """Return the memory of its largest process."""
        sizes = [0]
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text()
                group = os.getpgid(int(status.parent.name))
            except OSError:
                continue
            if group == self.group and "VmRSS:" in text:
                sizes.append(int(text.split("VmRSS:")[1].split()[0]))
        return max(sizes) / 1024


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def served(
    name: str, command: Sequence[str], database_url: str, *, database: str, cwd: Path = HERE
) -> Iterator[Server]:
    """Run a server until the block ends; `{port}` in the command is a free port."""
    port = free_port()
    environment = {
        **os.environ,
        "PULPO_MONGODB_URL": database_url,
        "PULPO_MONGODB_DATABASE": database,
    }
    process = subprocess.Popen(
        [part.format(port=port) for part in command],
        cwd=cwd,
        env=environment,
        start_new_session=True,
    )
    try:
        _wait(port, process, name)
        yield Server(name, port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def compiled(folder: Path, source: Path = HERE / "project") -> Path:
    """Return a compiled copy of a project in a folder."""
    project = folder / source.name
    kept = shutil.ignore_patterns("__pycache__", ".pulpo", "run_cache", ".*_cache")
    shutil.copytree(source, project, ignore=kept)
    subprocess.run(
        [sys.executable, "-m", "pulpo_cli", "init"],
        cwd=project,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return project


def pulpo_command(*options: str) -> list[str]:
    return [*PULPO, "--host", "127.0.0.1", "--port", "{port}", *QUIET, *options]


def fill(database_url: str, database: str, count: int) -> list[ObjectId]:
    """Write documents; return their ids."""
    rows = [_item(number) for number in range(count)]
    with MongoClient[dict[str, Any]](database_url) as client:
        client.drop_database(database)
        for start in range(0, count, 10_000):
            client[database]["items"].insert_many(rows[start : start + 10_000])
    return [row["_id"] for row in rows]


def _item(number: int) -> dict[str, Any]:
    return {
        "_id": ObjectId(),
        "sku": f"SKU-{number:06}",
        "title": f"A thing of the kind {number % 97}",
        "price": round(number * 0.37 % 900, 2),
        "stock": number % 250,
        "labels": ["new", f"label-{number % 11}"],
        "maker": {"name": f"Maker {number % 50}", "country": "PT"},
        "created_at": datetime(2026, 1, 1 + number % 28, 12, tzinfo=UTC),
        "text": "What there is to say of it, in a sentence or two. " * 3,
    }


def _wait(port: int, process: subprocess.Popen[bytes], name: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"{name} did not start")
