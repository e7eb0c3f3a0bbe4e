"""`down` and `stop`: everything stopped that was started, or some of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from pulpo_base.project.commands.options import AsJson, InDocker, Names, project_of

if TYPE_CHECKING:
    from pulpo_base.project.definition import Project
    from pulpo_base.project.supervisor.shutdown import Stopped

__all__ = ["register", "show_stopped", "stop_services"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("down", rich_help_panel="Services")(down)
    app.command("stop", rich_help_panel="Services")(stop)


def down(context: typer.Context, docker: InDocker = False, as_json: AsJson = False) -> None:
    """Stop what runs for this project; does nothing where nothing runs.

    A database that a command such as `pulpo dev` uses is left to it, and ends with it.
    """
    from pulpo_base.project.compose import Compose

    project = project_of(context)
    if docker:
        Compose(project).down()
    else:
        show_stopped(stop_services(project, (), quiet=as_json), as_json=as_json)


def stop(context: typer.Context, names: Names = None, as_json: AsJson = False) -> None:
    """Stop the named services and those that use them; without a name, as `down`."""
    project = project_of(context)
    show_stopped(stop_services(project, names or (), quiet=as_json), as_json=as_json)


def stop_services(project: Project, names: Iterable[str], *, quiet: bool) -> list[Stopped]:
    """Stop the named services and those that use them, all without a name; return which.

    Raises `ProjectError` for a name that is no service of the project.
    """
    from pulpo_base.project.inputs import find
    from pulpo_base.project.progress import service_progress
    from pulpo_base.project.services import services_of
    from pulpo_base.project.state import ServiceState
    from pulpo_base.project.supervisor.shutdown import bring_down, dependents, end_supervisor

    state = ServiceState(project.state_directory)
    named = tuple(names)
    if named:
        services = services_of(project, project.load_settings())
        known = dict.fromkeys([*(row.name for row in services), *state.read()])
        for name in named:
            find("service", name, known, listing="./main status")
    if not project.state_directory.exists():
        return []
    if not named:
        end_supervisor(state)
    with service_progress(quiet=quiet) as tell, state.locked():
        only = dependents(state.read(), named) if named else None
        return bring_down(state, tell=tell, only=only)


def show_stopped(stopped: Sequence[Stopped], *, as_json: bool) -> None:
    """Show what was stopped; the progress has told it to people already."""
    from pulpo_base.project.output import note, write_json

    if as_json:
        write_json({"stopped": [asdict(one) for one in stopped]})
    elif not stopped:
        note("Nothing was running.")
