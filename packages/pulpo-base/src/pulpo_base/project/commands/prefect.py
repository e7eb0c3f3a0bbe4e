"""`prefect start|stop|restart|ui|run|schedule|status|logs`: Prefect's server and worker alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pulpo_base.command_groups import command_group
from pulpo_base.project.commands.flow_schedules import schedule
from pulpo_base.project.commands.options import (
    AsJson,
    FlowName,
    Follow,
    Input,
    InputFile,
    Lines,
    project_of,
)
from pulpo_base.project.pages import PrintOnly, show_page

if TYPE_CHECKING:
    from pulpo_base.project.definition import Project

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = command_group(help="Prefect's server and worker.", no_args_is_help=True)
    for command in (start, stop, restart, ui, run, schedule, status, logs):
        group.command(command.__name__)(command)
    app.add_typer(group, name="prefect", rich_help_panel="Services")


def start(context: typer.Context, as_json: AsJson = False) -> None:
    """Start the server and the worker, with the database that the worker uses."""
    from pulpo_base.project.commands.starting import chosen, show_started, with_used
    from pulpo_base.project.commands.starting import start as start_services

    project = project_of(context)
    names = _names(project)
    settings = project.load_settings()
    services = with_used(chosen(project, settings), names)
    started = start_services(project, settings, services, quiet=as_json)
    show_started(services, started, as_json=as_json)


def stop(context: typer.Context, as_json: AsJson = False) -> None:
    """Stop the server and the worker; the database and the API go on."""
    from pulpo_base.project.commands.down import show_stopped, stop_services

    project = project_of(context)
    stopped = stop_services(project, _names(project), quiet=as_json)
    show_stopped(stopped, as_json=as_json)


def restart(context: typer.Context, as_json: AsJson = False) -> None:
    """Stop the server and the worker and start them again."""
    from pulpo_base.project.commands.starting import restart_services

    project = project_of(context)
    restart_services(project, _names(project), as_json=as_json)


def ui(context: typer.Context, print_only: PrintOnly = False) -> None:
    """Open the server's page in the browser."""
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.prefect import prefect_url
    from pulpo_base.project.service import PREFECT
    from pulpo_base.project.state import ServiceState

    record = ServiceState(project_of(context).state_directory).read().get(PREFECT)
    running = record.url if record is not None and record.is_alive else ""
    url = prefect_url().removesuffix("/").removesuffix("/api") or running
    if not url:
        raise ProjectError("Prefect's server does not run", hint="run `./main prefect start`")
    show_page(url, print_only=print_only)


def run(
    context: typer.Context,
    name: FlowName,
    input_text: Input = None,
    input_file: InputFile = None,
    as_json: AsJson = False,
) -> None:
    """Run one flow at the server (as `flows run --engine prefect`)."""
    from pulpo_base.project.flow_calls import FlowCommand
    from pulpo_base.project.inputs import read_input

    given = read_input(input_text, input_file)
    FlowCommand(
        project_of(context),
        name,
        given,
        part={},
        resume="",
        engine="prefect",
        as_json=as_json,
    ).run()


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show whether the server and the worker run, and where."""
    from pulpo_base.project.commands.status import show_statuses, status_plain
    from pulpo_base.project.output import write_json
    from pulpo_base.project.supervisor.inspection import statuses

    project = project_of(context)
    names = _names(project)
    rows = [row for row in statuses(project, project.load_settings()) if row.name in names]
    if as_json:
        write_json({"services": [status_plain(row) for row in rows]})
    else:
        show_statuses(rows)


def logs(context: typer.Context, lines: Lines = 30, follow: Follow = False) -> None:
    """Show the last lines that the server and the worker wrote."""
    from pulpo_base.project.commands.logs import show_logs

    project = project_of(context)
    found = {name: project.log_directory / f"{name}.log" for name in _names(project)}
    show_logs({n: log for n, log in found.items() if log.exists()}, lines, follow=follow)


def _names(project: Project) -> tuple[str, ...]:
    """Return the services of Prefect that this project runs.

    Raises `ProjectError` where it runs none, with the reason.
    """
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.prefect import has_flows, is_installed, prefect_services

    if not has_flows(project):
        raise ProjectError(
            "this project has no flows for Prefect",
            hint="declare operations as part of a flow, then run `pulpo compile`",
        )
    if not is_installed():
        raise ProjectError("Prefect is not installed", hint="run pip install 'pulpo-base[flows]'")
    return tuple(row.name for row in prefect_services(project, project.load_settings()))
