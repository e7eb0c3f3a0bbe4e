"""Commands about the services of a project, which its own `./main` runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer

from pulpo_cli.project import project_of

__all__ = ["PANEL", "PASSED_ON", "passing_on", "register"]

PANEL = "Run"

#: Everything behind the command's name goes to `./main` as it is, `--help` included.
PASSED_ON: dict[str, Any] = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "help_option_names": [],
}

_COMMANDS = {
    "up": "Start MongoDB and the API, and wait until they answer (as `./main up`).",
    "down": "Stop what `up` started (as `./main down`).",
    "api": "Run the API in this terminal (as `./main api`).",
    "ui": "Open the application's page in the browser (as `./main ui`).",
    "db": "Start and stop the database; seed, check, back up, restore (as `./main db`).",
    "prefect": "Start, stop and look at Prefect's server and worker (as `./main prefect`).",
}


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for name, text in _COMMANDS.items():
        app.command(name, help=text, rich_help_panel=PANEL, context_settings=PASSED_ON)(
            passing_on(name)
        )


def passing_on(name: str) -> Callable[[typer.Context], None]:
    """Return a command that runs the one of that name of the project's `./main`."""

    def command(context: typer.Context) -> None:
        raise typer.Exit(project_of(context).project_command(name, *context.args))

    return command
