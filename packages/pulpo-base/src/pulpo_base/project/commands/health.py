"""`health`: ask every service whether it does its work, for people and for scripts."""

from __future__ import annotations

import typer

from pulpo_base.project.commands.options import AsJson, project_of

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("health", rich_help_panel="Services")(health)


def health(context: typer.Context, as_json: AsJson = False) -> None:
    """Check every service; the exit code is 1 where one is not healthy."""
    from pulpo_base.project.commands.status import status_plain
    from pulpo_base.project.output import table, write_json
    from pulpo_base.project.supervisor.inspection import statuses

    project = project_of(context)
    rows = statuses(project, project.load_settings())
    healthy = all(row.is_well for row in rows)
    if as_json:
        write_json({"healthy": healthy, "services": [status_plain(row) for row in rows]})
    else:
        table(
            ("service", "condition", "detail"),
            [(row.title, row.condition.value, row.detail) for row in rows],
        )
    raise typer.Exit(0 if healthy else 1)
