"""`status`: how the services are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer

from pulpo_base.project.commands.options import AsJson, project_of

if TYPE_CHECKING:
    from pulpo_base.project.supervisor.inspection import ServiceStatus

__all__ = ["register", "show_statuses", "status_plain"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status", rich_help_panel="Services")(status)


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show which services run, where, and whether they are healthy."""
    from pulpo_base.project.output import write_json
    from pulpo_base.project.supervisor.inspection import statuses

    project = project_of(context)
    rows = statuses(project, project.load_settings())
    if as_json:
        write_json({"project": project.name, "services": [status_plain(row) for row in rows]})
    else:
        show_statuses(rows)


def status_plain(row: ServiceStatus) -> dict[str, Any]:
    """Return one service's status as JSON-like values."""
    return {
        "name": row.name,
        "condition": row.condition.value,
        "url": row.url or None,
        "pid": row.pid,
        "log": row.log or None,
        "detail": row.detail or None,
    }


def show_statuses(rows: Sequence[ServiceStatus]) -> None:
    """Show services as a table."""
    from pulpo_base.project.output import short_path, short_url, table

    table(
        ("service", "condition", "url", "pid", "log", "detail"),
        [
            (
                row.title,
                row.condition.value,
                short_url(row.url),
                "" if row.pid is None else str(row.pid),
                short_path(row.log),
                row.detail,
            )
            for row in rows
        ],
    )
