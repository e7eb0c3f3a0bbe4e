"""`models`, `operations`, `inspect`: look at what was understood."""

from __future__ import annotations

from typing import Annotated

import typer

from pulpo_cli.completing import names
from pulpo_cli.listings import list_models, list_operations
from pulpo_cli.options import AsJson, Selection, exit_on_errors
from pulpo_cli.output import print_json
from pulpo_cli.project import project_of
from pulpo_cli.views import show_flow, show_model, show_operation

__all__ = ["PANEL", "register"]

PANEL = "Look"


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (models, operations):
        app.command(rich_help_panel=PANEL)(command)
    app.command("inspect", rich_help_panel=PANEL)(inspect_name)


def models(context: typer.Context, selection: Selection = None, as_json: AsJson = False) -> None:
    """List the models with their collections, fields and relations."""
    raise typer.Exit(list_models(project_of(context), selection, as_json=as_json))


def operations(
    context: typer.Context, selection: Selection = None, as_json: AsJson = False
) -> None:
    """List the operations with what they take, return, read and write."""
    raise typer.Exit(list_operations(project_of(context), selection, as_json=as_json))


def inspect_name(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(help="A model, an operation or a flow.", autocompletion=names)
    ],
    as_json: AsJson = False,
) -> None:
    """Show all that is known of one model, operation or flow."""
    from pulpo_base.flows.plan import FlowPlan
    from pulpo_base.serialisation import to_plain
    from pulpo_base.specs import ModelSpec

    cli = project_of(context)
    found = cli.named(name)
    if as_json:
        print_json(to_plain(found))
    elif isinstance(found, FlowPlan):
        show_flow(found)
    elif isinstance(found, ModelSpec):
        show_model(cli, found)
    else:
        show_operation(cli, found)
    exit_on_errors(cli)
