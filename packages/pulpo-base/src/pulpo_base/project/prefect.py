"""Prefect's server and worker for one project, as rows of the table of services.

Everything of theirs is kept in the project (`.pulpo/prefect`), so that two projects, and the
user's own Prefect, do not meet. Prefect itself is never imported here: a second is too long for
a command that asks whether a server runs.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict

from pulpo_base.health import probe_http
from pulpo_base.interrupts import deferred_interrupts
from pulpo_base.project.database import configured_url
from pulpo_base.project.definition import Project, ProjectSettings
from pulpo_base.project.errors import ProjectError
from pulpo_base.project.probing import http_url
from pulpo_base.project.service import MONGODB, PREFECT, WORKER, Launch, Service
from pulpo_base.project.supervisor.processes import spawn

__all__ = [
    "PREFECT_DEFAULTS",
    "check_pool_type",
    "has_flows",
    "is_installed",
    "prefect_environment",
    "prefect_process",
    "prefect_services",
    "prefect_url",
]

_HOST = "127.0.0.1"
_SERVER_PORT = 4200
_WORKER_PORT = 4280
#: The first start makes Prefect's tables, which takes ten seconds on a slow machine.
_TIMEOUT = 120.0
#: What holds unless the user's environment says otherwise, in generated containers, too.
PREFECT_DEFAULTS = {
    # Nothing is sent to anybody.
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # On SQLite each event is a commit of its own by default, and runs wait for its lock.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "2",
    # So long a step that a limit by tag holds up waits before it asks again; 30 s by default.
    "PREFECT_SERVER_CONCURRENCY_MAXIMUM_CONCURRENCY_SLOT_WAIT_SECONDS": "1",
    # How often the worker looks for runs; the default of 10 s is for remote servers.
    "PREFECT_WORKER_QUERY_SECONDS": "1",
    "PREFECT_LOGGING_COLORS": "false",
    "PYTHONUNBUFFERED": "1",
}


def is_installed() -> bool:
    """Whether Prefect can be imported; it is not."""
    return importlib.util.find_spec("prefect") is not None


def check_pool_type(kind: str) -> None:
    """Refuse a work pool whose worker is a package that is not installed: `ProjectError`."""
    package = f"prefect_{kind}"
    if kind != "process" and importlib.util.find_spec(package) is None:
        name = package.replace("_", "-")
        raise ProjectError(
            f"the work pool's runs are of the type {kind}, and {name} is not installed",
            hint=f"run pip install {name}, or start the worker where it is",
        )


def has_flows(project: Project) -> bool:
    """Whether something was generated for Prefect to run; nothing of it is imported."""
    return project.has_prefect_flows or project.has_prefect_operations


def prefect_url() -> str:
    """Return the API of a Prefect server that somebody else runs, empty where we run one."""
    return os.environ.get("PREFECT_API_URL", "")


def prefect_environment(project: Project, api_url: str = "") -> dict[str, str]:
    """Return the environment in which Prefect belongs to this project.

    `api_url` is the API of the server to talk to. What else the user has set holds.
    """
    environment = {
        **PREFECT_DEFAULTS,
        **os.environ,
        # Also where the user has one: its database is not to be shared with other servers.
        "PREFECT_HOME": str(project.state_directory / "prefect"),
        # A proxy is of no use on the way to this machine itself.
        "NO_PROXY": ",".join(filter(None, (os.environ.get("NO_PROXY"), "127.0.0.1", "localhost"))),
    }
    if api_url:
        environment["PREFECT_API_URL"] = api_url
    return environment


def prefect_process(project: Project, what: str, *arguments: str) -> list[str]:
    """Return the command of a process that imports Prefect: `deploy`, `serve` or `work`."""
    plain = json.dumps({**asdict(project), "root": str(project.root)})
    return [sys.executable, "-m", "pulpo_base.project.prefect_process", what, plain, *arguments]


def prefect_services(project: Project, settings: ProjectSettings) -> tuple[Service, ...]:
    """Return the rows of the server and the worker; none without flows or without Prefect.

    There is no row for a server that is configured by `PREFECT_API_URL`.
    """
    if not is_installed() or not has_flows(project):
        return ()
    worker = Service(
        name=WORKER,
        title="Prefect worker",
        host=_HOST,
        port=_WORKER_PORT,
        start=_start_worker,
        url=http_url,
        health=_probe_worker,
        uses=tuple(
            name
            for name, is_ours in (
                (MONGODB, not configured_url(settings)),
                (PREFECT, not prefect_url()),
            )
            if is_ours
        ),
        timeout=_TIMEOUT,
        optional=True,
    )
    return (worker,) if prefect_url() else (_server(), worker)


def _server() -> Service:
    return Service(
        name=PREFECT,
        title="Prefect server",
        host=_HOST,
        port=_SERVER_PORT,
        start=_start_server,
        url=http_url,
        health=_probe_server,
        timeout=_TIMEOUT,
        optional=True,
    )


def _probe_server(url: str) -> str:
    return probe_http(f"{url}/api/health")


def _probe_worker(url: str) -> str:
    return probe_http(f"{url}/health")


def _start_server(launch: Launch, started: Callable[[int], None]) -> None:
    api_url = f"{http_url(launch.host, launch.port)}/api"
    environment = {
        **prefect_environment(launch.project, api_url),
        # Where the page in the browser finds the server: 4200 unless it is told.
        "PREFECT_SERVER_UI_API_URL": api_url,
    }
    where = ["--host", launch.host, "--port", str(launch.port)]
    command = [sys.executable, "-m", "prefect", "server", "start", *where]
    _start(launch, command, environment, started)


def _start_worker(launch: Launch, started: Callable[[int], None]) -> None:
    server = launch.uses.get(PREFECT)
    environment = {
        **prefect_environment(launch.project, f"{server}/api" if server else prefect_url()),
        "PREFECT_WORKER_WEBSERVER_HOST": launch.host,
        "PREFECT_WORKER_WEBSERVER_PORT": str(launch.port),
        "PULPO_MONGODB_URL": launch.uses.get(MONGODB) or configured_url(launch.settings),
        "PULPO_MONGODB_DATABASE": launch.settings.mongodb_database,
    }
    kind = launch.settings.flow_pool_type
    check_pool_type(kind)
    which = ["--pool", launch.settings.flow_pool, "--type", kind, "--with-healthcheck"]
    # It registers the flows, with their schedules, and becomes Prefect's worker.
    command = prefect_process(launch.project, "work", "worker", "start", *which)
    _start(launch, command, environment, started)


def _start(
    launch: Launch,
    command: list[str],
    environment: Mapping[str, str],
    started: Callable[[int], None],
) -> None:
    # A process that nobody knows of yet would survive an interruption of its start.
    with deferred_interrupts():
        process = spawn(
            command,
            directory=launch.project.root,
            environment=environment,
            log=launch.log,
        )
        started(process.pid)
