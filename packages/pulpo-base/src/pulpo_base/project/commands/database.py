"""`db`: the database alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pulpo_base.command_groups import command_group
from pulpo_base.project.commands import seeding, stored_data
from pulpo_base.project.commands.options import AsJson, project_of

if TYPE_CHECKING:
    from pulpo_base.project.definition import Project, ProjectSettings
    from pulpo_base.project.services import Service

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = command_group(help="The database.", no_args_is_help=True)
    group.command("start")(start)
    group.command("stop")(stop)
    group.command("status")(status)
    group.command("url")(url)
    stored_data.register(group)
    seeding.register(group)
    app.add_typer(group, name="db", rich_help_panel="Data")


def start(context: typer.Context) -> None:
    """Start the local database and leave it running."""
    from pulpo_base.project.output import note, write_line
    from pulpo_base.project.progress import service_progress
    from pulpo_base.project.state import ServiceState
    from pulpo_base.project.supervisor.startup import bring_up

    project = project_of(context)
    settings = project.load_settings()
    service = _local(project, settings)
    with service_progress() as tell, ServiceState(project.state_directory).locked():
        (started,) = bring_up(project, settings, [service], tell=tell)
    for text in started.notes:
        note(f"{service.title}: {text}")
    write_line(started.record.url)


def stop(context: typer.Context) -> None:
    """Stop the local database. An API that uses it goes on without."""
    from pulpo_base.project.output import note
    from pulpo_base.project.progress import service_progress
    from pulpo_base.project.services import MONGODB
    from pulpo_base.project.state import ServiceState
    from pulpo_base.project.supervisor.shutdown import bring_down

    state = ServiceState(project_of(context).state_directory)
    with service_progress() as tell, state.locked():
        stopped = bring_down(state, tell=tell, only=frozenset({MONGODB}))
    if not stopped:
        note("No local database was running.")


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show whether the database runs, and where."""
    from pulpo_base.project.commands.status import show_statuses, status_plain
    from pulpo_base.project.output import write_json
    from pulpo_base.project.supervisor.inspection import database_status

    project = project_of(context)
    row = database_status(project, project.load_settings())
    if as_json:
        write_json(status_plain(row))
    else:
        show_statuses([row])


def url(context: typer.Context) -> None:
    """Print the connection string of the configured or running database, password included."""
    from pulpo_base.project.database import configured_url
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.output import write_line
    from pulpo_base.project.services import MONGODB
    from pulpo_base.project.state import ServiceState

    project = project_of(context)
    found = configured_url(project.load_settings())
    if not found:
        record = ServiceState(project.state_directory).read().get(MONGODB)
        if record is None or not record.is_alive:
            raise ProjectError(
                "no database is configured and none is running", hint="run `./main db start`"
            )
        found = record.url
    write_line(found)


def _local(project: Project, settings: ProjectSettings) -> Service:
    from pulpo_base.project.database import configured_url, masked
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.services import MONGODB, services_of

    if configured := configured_url(settings):
        raise ProjectError(
            f"the database is configured as {masked(configured)}: it is not started here",
            hint="unset PULPO_MONGODB_URL (and the URL in the configuration) for a local one",
        )
    return next(row for row in services_of(project, settings) if row.name == MONGODB)
