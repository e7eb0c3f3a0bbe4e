"""The project's database: the configured one, the running one, or one started for a while."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pulpo_base.project.errors import ProjectError, ServiceError
from pulpo_base.project.interrupts import deferred_interrupts

if TYPE_CHECKING:
    from pulpo_base.project.definition import ProjectSettings

__all__ = ["configured_url", "masked", "probe_mongodb", "start_mongod"]

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

    server = LocalMongod(data, port, log=log)
    try:
        server.start()
        with deferred_interrupts():
            started(server.pid)
    except MongodNotFoundError as error:
        first, *ways = str(error).splitlines()
        raise ProjectError(first, details=ways) from error
    except MongodError as error:
        raise ServiceError("mongodb", str(error)) from error
    except BaseException:
        server.stop()
        raise
