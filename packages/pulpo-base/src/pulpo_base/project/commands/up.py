"""`up`: every service started and healthy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulpo_base.project.commands.options import AsJson, project_of

if TYPE_CHECKING:
    from pulpo_base.project.services import Service
    from pulpo_base.project.supervisor.startup import Started

__all__ = ["register"]

_LOG_LINES = 15


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up", rich_help_panel="Services")(up)


def up(
    context: typer.Context,
    foreground: Annotated[
        bool, typer.Option("--foreground", "-f", help="Serve until Ctrl-C, then stop everything.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Start MongoDB and the API, and wait until they are healthy."""
    from pulpo_base.project.listening import check_reach
    from pulpo_base.project.progress import service_progress
    from pulpo_base.project.services import services_of
    from pulpo_base.project.state import ServiceState
    from pulpo_base.project.supervisor.shutdown import bring_down
    from pulpo_base.project.supervisor.startup import bring_up

    project = project_of(context)
    settings = project.load_settings()
    check_reach(settings.api_host, settings)
    services = services_of(project, settings)
    state = ServiceState(project.state_directory)
    with service_progress(quiet=as_json) as tell, state.locked():
        started = bring_up(project, settings, services, tell=tell)
    if not foreground:
        _show(services, started, as_json=as_json)
        return
    try:
        _show(services, started, as_json=as_json)
        _serve(services, started)
    finally:
        with service_progress(quiet=as_json) as tell, state.locked():
            bring_down(state, tell=tell)


def _show(services: Sequence[Service], started: Sequence[Started], *, as_json: bool) -> None:
    from pulpo_base.project.output import note, short_path, short_url, table, write_json

    titles = {service.name: service.title for service in services}
    if as_json:
        write_json(
            {
                "services": [
                    {
                        "name": one.record.name,
                        "url": one.record.url,
                        "pid": one.record.process.pid,
                        "port": one.record.port,
                        "log": one.record.log,
                        "started": one.fresh,
                        "notes": list(one.notes),
                    }
                    for one in started
                ]
            }
        )
        return
    for one in started:
        for text in one.notes:
            note(f"{titles[one.record.name]}: {text}")
    rows = [
        (
            titles[one.record.name],
            "started" if one.fresh else "runs already",
            short_url(one.record.url),
            str(one.record.process.pid),
            short_path(one.record.log),
        )
        for one in started
    ]
    table(("service", "state", "url", "pid", "log"), rows)


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
