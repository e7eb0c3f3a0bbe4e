"""`down`: everything stopped that was started."""

from __future__ import annotations

import typer

from pulpo_base.project.commands.options import AsJson, project_of

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("down", rich_help_panel="Services")(down)


def down(context: typer.Context, as_json: AsJson = False) -> None:
    """Stop what runs for this project; does nothing where nothing runs."""
    from pulpo_base.project.output import note, write_json
    from pulpo_base.project.progress import service_progress
    from pulpo_base.project.state import ServiceState
    from pulpo_base.project.supervisor.shutdown import bring_down

    project = project_of(context)
    state = ServiceState(project.state_directory)
    if not project.state_directory.exists():
        stopped = []
    else:
        with service_progress(quiet=as_json) as tell, state.locked():
            stopped = bring_down(state, tell=tell)
    if as_json:
        write_json(
            {
                "stopped": [
                    {"name": one.name, "pid": one.pid, "was_alive": one.was_alive}
                    for one in stopped
                ]
            }
        )
    elif not stopped:
        note("Nothing was running.")
