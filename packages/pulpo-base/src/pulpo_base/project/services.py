"""The services of a project as a table: one row each, everything else treats them alike."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from pulpo_base.interrupts import deferred_interrupts
from pulpo_base.project.database import configured_url, probe_mongodb, start_mongod
from pulpo_base.project.definition import Project, ProjectSettings
from pulpo_base.project.supervisor.processes import spawn
from pulpo_base.records import dataclass, field

__all__ = ["API", "MONGODB", "Launch", "Service", "api_command", "api_environment", "services_of"]

MONGODB = "mongodb"
API = "api"
_SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class Launch:
    """What a service is started with: where to listen, where to log, what it may use.

    `uses` maps the names of the services that are up already to their addresses.
    """

    project: Project
    settings: ProjectSettings
    host: str
    port: int
    log: Path
    uses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Service:
    """One row of the table.

    `start` begins the process and calls its second argument with the process id as soon as
    there is one; it may return before the service is healthy. `url` makes the address that
    people use. `health` takes that address and returns the trouble, empty for none. `uses`
    names the services that must be healthy first. `timeout` is how many seconds it may take
    to become healthy; `shows_log` whether its log is for people.
    """

    name: str
    title: str
    host: str
    port: int
    start: Callable[[Launch, Callable[[int], None]], None]
    url: Callable[[str, int], str]
    health: Callable[[str], str]
    uses: tuple[str, ...] = ()
    timeout: float = 60.0
    shows_log: bool = True


def services_of(project: Project, settings: ProjectSettings) -> tuple[Service, ...]:
    """Return the project's services, each after those that it uses.

    There is no row for a database that is configured by its URL: somebody else runs it.
    """
    local_database = not configured_url(settings)
    api = Service(
        name=API,
        title="API",
        host=settings.api_host,
        port=settings.api_port,
        start=_start_api,
        url=http_url,
        health=_probe_api,
        uses=(MONGODB,) if local_database else (),
    )
    return (_mongodb(project), api) if local_database else (api,)


def _mongodb(project: Project) -> Service:
    data = project.state_directory / "db"

    def start(launch: Launch, started: Callable[[int], None]) -> None:
        start_mongod(data, launch.port, launch.log, started)

    return Service(
        name=MONGODB,
        title="MongoDB",
        host="127.0.0.1",
        port=27017,
        start=start,
        url=lambda host, port: f"mongodb://{host}:{port}/?directConnection=true",
        health=probe_mongodb,
        timeout=30.0,
        shows_log=False,
    )


def http_url(host: str, port: int) -> str:
    """Return an address that a browser on this machine can open."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - compared
    if ":" in reachable and not reachable.startswith("["):
        reachable = f"[{reachable}]"
    return f"http://{reachable}:{port}"


def api_command(app: str, host: str, port: int) -> list[str]:
    """Return the command that serves the API."""
    return [sys.executable, "-m", "uvicorn", app, "--host", host, "--port", str(port)]


def api_environment(settings: ProjectSettings, mongodb_url: str) -> dict[str, str]:
    """Return the environment of the API's process: ours, and which database to use."""
    return {
        **os.environ,
        "PULPO_MONGODB_URL": mongodb_url,
        "PULPO_MONGODB_DATABASE": settings.mongodb_database,
        # So that the last lines of the log are there when the process has died.
        "PYTHONUNBUFFERED": "1",
    }


def _start_api(launch: Launch, started: Callable[[int], None]) -> None:
    mongodb_url = launch.uses.get(MONGODB) or configured_url(launch.settings)
    # A process that nobody knows of yet would survive an interruption of its start.
    with deferred_interrupts():
        process = spawn(
            api_command(launch.project.app, launch.host, launch.port),
            directory=launch.project.root,
            environment=api_environment(launch.settings, mongodb_url),
            log=launch.log,
        )
        started(process.pid)


def _probe_api(url: str) -> str:
    return probe_http(f"{url}/health")


def probe_http(url: str, *, timeout: float = 2.0) -> str:
    """Return why `url` does not answer with success within `timeout` seconds, empty if it does."""
    parts = urlsplit(url)
    # The standard library's client: no proxy from the environment, no TLS to set up, and asked
    # many times a second while a service starts.
    with closing(HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)) as connection:
        try:
            connection.request("GET", parts.path)
            status = connection.getresponse().status
        except TimeoutError:
            return f"no answer within {timeout:g} s from {url}"
        except (OSError, HTTPException) as error:
            return f"no answer from {url} ({error})"
    return "" if status in _SUCCESS else f"{url} answers {status}"
