"""The Typer application: every command, in the order of the help page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pulpo_base.command_groups import command_group
from pulpo_cli.added import add_others, asks_for_others
from pulpo_cli.commands import (
    ask,
    completion,
    config,
    demo,
    dev,
    diff,
    doctor,
    events,
    explore,
    generate,
    graph,
    init,
    lint,
    new,
    observed,
    ops,
    project,
    services,
)
from pulpo_cli.errors import INTERRUPTED, UserError

__all__ = ["app", "run_application"]

app = command_group(
    name="pulpo",
    help="From Beanie documents and typed functions to a running application.",
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def pulpo(
    context: typer.Context,
    project_folder: Annotated[
        Path | None,
        typer.Option(
            "--project",
            "-C",
            envvar="PULPO_PROJECT",
            help="The project's folder; default: the nearest with a .pulpo.yml.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Read a project, check it, and generate its API, flows, command line and docs."""
    context.obj = project_folder
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


# The order of registration is the order of the help page.
demo.register(app)
new.register(app)
init.register(app)
dev.register(app)
project.register(app)
explore.register(app)
graph.register(app)
app.add_typer(lint.app, rich_help_panel=explore.PANEL)
ask.register(app)
diff.register(app)
observed.register(app)
generate.register(app)
events.register(app)
services.register(app)
app.add_typer(ops.app, rich_help_panel=services.PANEL)
app.add_typer(config.app, rich_help_panel="Help")
doctor.register(app)
project.register_help(app)
completion.register(app)


def run_application(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code. Raises `UserError` for one that is none."""
    if completion.VARIABLE in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]

        completion_init()
    if asks_for_others(app, arguments):
        add_others(app, arguments)
    try:
        code = app(list(arguments), prog_name="pulpo", standalone_mode=False)
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context is not None else "pulpo"
        message = " ".join(error.format_message().split())
        raise UserError(message, f"see `{command} --help`") from error
    except typer.Abort:
        return INTERRUPTED
    return code if isinstance(code, int) else 0
