"""The project's database: the configured one, the running one, or one started for a while."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pulpo_base.interrupts import deferred_interrupts
from pulpo_base.project.errors import ProjectError, ServiceError
from pulpo_base.project.supervisor.identity import identity_of
from pulpo_base.project.supervisor.processes import stop

if TYPE_CHECKING:
    from pulpo_base.project.definition import ProjectSettings

__all__ = ["configured_url", "end_orphan", "masked", "probe_mongodb", "start_mongod"]

_PROBE_MS = 2_000


def configured_url(settings: ProjectSettings) -> str:
    """Return the URL of a database that somebody else runs, empty where we run one."""
    return os.environ.get("PULPO_MONGODB_URL", "") or settings.mongodb_url


def masked(url: str) -> str:
    """Return `url` as it may be shown: without its password."""
    scheme, separator, rest = url.partition("://")
    credentials, at, hosts = rest.rpartition("@")
    user, colon, _ = credentials.partition(":")
    return f"{scheme}{separator}{user}:***@{hosts}" if at and colon else url


def probe_mongodb(url: str) -> str:
    """Return why the server at `url` takes no writes, empty if it does."""
    from pymongo import MongoClient
    from pymongo.errors import PyMongoError

    try:
        with MongoClient[dict[str, object]](url, serverSelectionTimeoutMS=_PROBE_MS) as client:
            answer = client.admin.command("hello")
    except PyMongoError as error:
        return f"no answer from {masked(url)} ({type(error).__name__})"
    if answer.get("isWritablePrimary") or answer.get("msg") == "isdbgrid":
        return ""
    return f"{masked(url)} takes no writes: it is not the primary"


def start_mongod(data: Path, port: int, log: Path, started: Callable[[int], None]) -> None:
    """Start a local server and tell its process id; returns once it takes writes.

    Raises `ProjectError` where there is no `mongod`, `ServiceError` where it does not start.
    Nothing is left running after any exception.
    """
    from pulpo_base.database import LocalMongod, MongodError, MongodNotFoundError

    end_orphan(data)
    server = LocalMongod(data, port, log=log)
    try:
        server.start()
        with deferred_interrupts():
            started(server.pid)
    except MongodNotFoundError as error:
        first, *ways = str(error).splitlines()
        raise ProjectError(first, details=ways) from error
    except MongodError as error:
        raise ServiceError("MongoDB", str(error)) from error
    except BaseException:
        server.stop()
        raise


def end_orphan(data: Path) -> None:
    """End the server that works on `data` although there is no record of it.

    It is left over when a command is killed while it starts the server, and would keep every
    later one from the data. Only where the system shows commands of processes; elsewhere the
    new server says who holds the data.
    """
    lock = data / "mongod.lock"
    text = lock.read_text().strip() if lock.exists() else ""
    process = identity_of(int(text)) if text.isdigit() else None
    command = Path("/proc", text, "cmdline")
    if process is None or not command.exists():
        return
    arguments = command.read_bytes().decode(errors="replace").split("\0")
    if "mongod" in Path(arguments[0]).name and str(data.resolve()) in arguments:
        stop(process)
