"""`dev`: the daily loop."""

from __future__ import annotations

from typing import Annotated

import typer

from pulpo_cli.project import project_of

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(rich_help_panel="Start")(dev)


def dev(
    context: typer.Context,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The API's port; default: a free one.")
    ] = None,
) -> None:
    """Serve the API and keep it true: compile, check and load again with every change."""
    from pulpo_base.interrupts import exit_on_termination
    from pulpo_cli.dev.loop import Loop

    exit_on_termination()
    cli = project_of(context)
    options = () if port is None else ("--port", str(port))
    raise typer.Exit(Loop(cli, cli.main_command("api", *options)).run())
