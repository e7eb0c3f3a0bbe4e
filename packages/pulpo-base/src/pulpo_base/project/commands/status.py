"""`status`: how the services are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

from pulpo_base.project.commands.options import AsJson, InDocker, project_of

if TYPE_CHECKING:
    from pulpo_base.project.supervisor.inspection import ServiceStatus

__all__ = ["register", "show_containers", "show_statuses", "status_plain"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status", rich_help_panel="Services")(status)


def status(context: typer.Context, docker: InDocker = False, as_json: AsJson = False) -> None:
    """Show which services run, where, and whether they are healthy."""
    from pulpo_base.project.compose import Compose
    from pulpo_base.project.output import write_json
    from pulpo_base.project.supervisor.inspection import statuses

    project = project_of(context)
    if docker:
        show_containers(Compose(project).services(), as_json=as_json)
        return
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
        "restarts": row.restarts,
    }


def show_containers(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Show the services that run in containers, as `Compose.services` returns them."""
    from pulpo_base.project.output import note, table, write_json

    if as_json:
        write_json({"services": list(rows)})
    elif not rows:
        note("No container of this project runs.")
    else:
        table(
            ("service", "state", "health", "ports"),
            [(row["name"], row["state"], row["health"], ", ".join(row["ports"])) for row in rows],
        )


def show_statuses(rows: Sequence[ServiceStatus]) -> None:
    """Show services as a table."""
    from pulpo_base.project.output import short_url, table

    table(
        ("service", "condition", "url", "pid", "detail"),
        [
            (
                row.title,
                row.condition.value,
                short_url(row.url),
                "" if row.pid is None else str(row.pid),
                row.detail,
            )
            for row in rows
        ],
    )
