"""`flows deploy` and `flows serve`: the flows, with their schedules, at a Prefect server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pulpo_base.project.commands.options import project_of

if TYPE_CHECKING:
    from pulpo_base.project.definition import Project

__all__ = ["deploy", "serve", "server_of"]


def deploy(context: typer.Context) -> None:
    """Register the flows and their schedules, for workers to run.

    The worker of `./main up` does this by itself when it starts.
    """
    _run(project_of(context), "deploy")


def serve(context: typer.Context) -> None:
    """Register the flows and run what is asked for from here, until Ctrl-C.

    For a server without a worker: schedules count as long as this command runs.
    """
    _run(project_of(context), "serve")


def server_of(project: Project) -> str:
    """Return the API of the Prefect server that is configured or runs, empty without one."""
    from pulpo_base.project.prefect import prefect_url
    from pulpo_base.project.service import PREFECT

    return prefect_url() or (f"{url}/api" if (url := _running(project).get(PREFECT)) else "")


def _running(project: Project) -> dict[str, str]:
    from pulpo_base.project.state import ServiceState

    records = ServiceState(project.state_directory).read()
    return {name: record.url for name, record in records.items() if record.is_alive}


def _run(project: Project, what: str) -> None:
    from pulpo_base.interrupts import run_in_terminal
    from pulpo_base.project.database import configured_url
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.prefect import (
        has_flows,
        is_installed,
        prefect_environment,
        prefect_process,
    )
    from pulpo_base.project.service import MONGODB

    if not has_flows(project):
        raise ProjectError(
            "this project has no flows for Prefect",
            hint="declare operations as part of a flow, then run `pulpo compile`",
        )
    if not is_installed():
        raise ProjectError("Prefect is not installed", hint="run pip install 'pulpo-base[flows]'")
    server = server_of(project)
    if not server:
        raise ProjectError(
            "no Prefect server is known",
            hint="run `./main prefect start`, or set PREFECT_API_URL",
        )
    settings = project.load_settings()
    environment = {
        **prefect_environment(project, server),
        "PULPO_MONGODB_URL": configured_url(settings) or _running(project).get(MONGODB, ""),
        "PULPO_MONGODB_DATABASE": settings.mongodb_database,
    }
    command = prefect_process(project, what)
    code = run_in_terminal(command, folder=project.root, environment=environment)
    if code:
        raise typer.Exit(code)
