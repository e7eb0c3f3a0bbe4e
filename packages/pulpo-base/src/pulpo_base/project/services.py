"""The services of a project as a table: one row each, everything else treats them alike."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from pulpo_base.health import probe_http
from pulpo_base.interrupts import deferred_interrupts
from pulpo_base.project.database import configured_url, probe_mongodb, start_mongod
from pulpo_base.project.definition import Project, ProjectSettings
from pulpo_base.project.prefect import prefect_services
from pulpo_base.project.probing import http_url
from pulpo_base.project.service import API, MONGODB, Launch, Service
from pulpo_base.project.supervisor.processes import spawn

__all__ = [
    "API",
    "LAST_REQUESTS_SECONDS",
    "MONGODB",
    "Launch",
    "Service",
    "api_command",
    "api_environment",
    "services_of",
]

#: How long requests in progress may take when the API ends, in generated containers, too; then its
#: lifespan closes. A page that follows events has one open for as long as it is shown. Less than
#: `stop` waits before it kills.
LAST_REQUESTS_SECONDS = 5


def services_of(project: Project, settings: ProjectSettings) -> tuple[Service, ...]:
    """Return the project's services, each after those that it uses.

    There is no row for a database that is configured by its URL: somebody else runs it. Prefect
    has rows where it is installed and the project has flows.
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
    database = (_mongodb(project),) if local_database else ()
    return (*database, api, *prefect_services(project, settings))


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


def api_command(app: str, host: str, port: int) -> list[str]:
    """Return the command that serves the API."""
    served = [sys.executable, "-m", "uvicorn", app, "--host", host, "--port", str(port)]
    return [*served, "--timeout-graceful-shutdown", str(LAST_REQUESTS_SECONDS)]


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
