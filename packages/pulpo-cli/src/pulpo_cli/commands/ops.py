"""`ops`: look at operations, and run one in the project."""

from __future__ import annotations

from typing import Annotated

import typer

from pulpo_base.command_groups import command_group
from pulpo_cli.commands import explore
from pulpo_cli.commands.services import PASSED_ON
from pulpo_cli.completing import operation_names
from pulpo_cli.options import AsJson, Selection
from pulpo_cli.project import project_of

__all__ = ["app"]

Name = Annotated[str, typer.Argument(metavar="NAME", autocompletion=operation_names)]

app = command_group(name="ops", help="List, show and run operations.")


@app.command("list")
def list_operations(
    context: typer.Context, selection: Selection = None, as_json: AsJson = False
) -> None:
    """List the operations."""
    explore.operations(context, selection, as_json)


@app.command()
def show(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Show all that is known of one operation."""
    project_of(context).operation(name)
    explore.inspect_name(context, name, as_json)


@app.command(context_settings=PASSED_ON)
def run(context: typer.Context, name: Name) -> None:
    """Run one operation: `pulpo ops run NAME --input JSON` (as `./main ops run`)."""
    cli = project_of(context)
    cli.operation(name)
    raise typer.Exit(cli.project_command("ops", "run", name, *context.args))
