"""`up` and `restart`: every service started and healthy."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulpo_base.project.commands.options import AsJson, InDocker, Names, project_of

if TYPE_CHECKING:
    from pulpo_base.project.definition import Project
    from pulpo_base.project.service import Service
    from pulpo_base.project.supervisor.startup import Started

__all__ = ["register"]

_LOG_LINES = 15
#: In the compose file they have names of their own.
_IN_CONTAINERS = frozenset({"prefect-server", "prefect-worker"})


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("up", rich_help_panel="Services")(up)
    app.command("restart", rich_help_panel="Services")(restart)


def up(
    context: typer.Context,
    foreground: Annotated[
        bool, typer.Option("--foreground", "-f", help="Serve until Ctrl-C, then stop everything.")
    ] = False,
    no_prefect: Annotated[
        bool, typer.Option("--no-prefect", help="Without Prefect's server and worker.")
    ] = False,
    no_ui: Annotated[bool, typer.Option("--no-ui", help="Serve the API without the UI.")] = False,
    docker: InDocker = False,
    as_json: AsJson = False,
) -> None:
    """Start MongoDB, the API with the UI, and Prefect; wait until they are healthy."""
    from pulpo_base.project.commands.starting import chosen, show_started, start
    from pulpo_base.project.listening import check_reach

    project = project_of(context)
    if no_ui:
        os.environ["PULPO_SERVE_UI"] = "false"
    if docker:
        _up_in_docker(project, without_prefect=no_prefect, as_json=as_json)
        return
    settings = project.load_settings()
    check_reach(settings.api_host, settings)
    services = chosen(project, settings, without_prefect=no_prefect)
    started = start(project, settings, services, quiet=as_json, watched=not foreground)
    if not foreground:
        show_started(services, started, as_json=as_json)
        return
    try:
        show_started(services, started, as_json=as_json)
        _serve(services, started)
    finally:
        _stop_all(project, quiet=as_json)


def restart(context: typer.Context, names: Names = None, as_json: AsJson = False) -> None:
    """Stop services and start them again; those named and what uses them, or all that run."""
    from pulpo_base.project.commands.starting import restart_services

    restart_services(project_of(context), names or (), as_json=as_json)


def _stop_all(project: Project, *, quiet: bool) -> None:
    from pulpo_base.project.commands.down import stop_services

    stop_services(project, (), quiet=quiet)


def _up_in_docker(project: Project, *, without_prefect: bool, as_json: bool) -> None:
    from pulpo_base.project.commands.status import show_containers
    from pulpo_base.project.compose import Compose

    compose = Compose(project)
    rows = compose.up(without=_IN_CONTAINERS if without_prefect else frozenset())
    show_containers(rows, as_json=as_json)


def _serve(services: Sequence[Service], started: Sequence[Started]) -> None:
    """Show what the services log until one ends by itself or the user ends us."""
    from pulpo_base.project.errors import ServiceError
    from pulpo_base.project.output import note
    from pulpo_base.project.supervisor.logs import follow, last_lines

    rows = {service.name: service for service in services}
    shown = {
        one.record.name: Path(one.record.log) for one in started if rows[one.record.name].shows_log
    }
    note("Serving; Ctrl-C stops everything.")
    for name, line in follow(shown):
        if name:
            note(f"{name} | {line}")
        for one in started:
            if not one.record.is_alive:
                raise ServiceError(
                    rows[one.record.name].title,
                    "ended by itself, so everything is stopped",
                    log_lines=last_lines(Path(one.record.log), _LOG_LINES),
                    hint=f"the whole log is {one.record.log}",
                )
