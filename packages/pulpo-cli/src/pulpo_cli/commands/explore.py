"""`models`, `operations`, `inspect`: look at what was understood."""

from __future__ import annotations

from typing import Annotated

import typer

from pulpo_cli.options import AsJson, Selection, exit_on_errors, project_of
from pulpo_cli.output import note, print_json, print_table
from pulpo_cli.views import INFERRED_LEGEND, models_of, show_flow, show_model, show_operation

__all__ = ["PANEL", "register"]

PANEL = "Look"


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (models, operations):
        app.command(rich_help_panel=PANEL)(command)
    app.command("inspect", rich_help_panel=PANEL)(inspect_name)


def models(context: typer.Context, selection: Selection = None, as_json: AsJson = False) -> None:
    """List the models with their collections, fields and relations."""
    from pulpo_base.serialisation import to_plain

    cli = project_of(context)
    found = cli.select(selection).models
    if as_json:
        print_json([to_plain(model) for model in found])
        exit_on_errors(cli)
        return
    print_table(
        "Models",
        ("model", "collection", "fields", "relations"),
        [
            (
                model.name,
                model.collection,
                str(len(model.fields)),
                ", ".join(f"{r.name} → {r.target}" for r in model.relations if not r.back) or "-",
            )
            for model in found
        ],
        "the selection holds no model"
        if selection
        else "no models yet: decorate a Beanie document with @datamodel",
    )
    exit_on_errors(cli)


def operations(
    context: typer.Context, selection: Selection = None, as_json: AsJson = False
) -> None:
    """List the operations with what they take, return, read and write."""
    from pulpo_base.serialisation import to_plain

    cli = project_of(context)
    found = cli.select(selection).operations
    if as_json:
        print_json([to_plain(operation) for operation in found])
        exit_on_errors(cli)
        return
    print_table(
        "Operations",
        ("operation", "takes", "returns", "reads", "writes"),
        [
            (
                operation.name,
                str(operation.inputs or "-"),
                str(operation.outputs or "-"),
                models_of(operation, "models_in") or "-",
                models_of(operation, "models_out") or "-",
            )
            for operation in found
        ],
        "the selection holds no operation"
        if selection
        else "no operations yet: decorate a typed function with @operation",
    )
    if any(operation.inferred for operation in found):
        note(INFERRED_LEGEND)
    exit_on_errors(cli)


def inspect_name(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A model, an operation or a flow.")],
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
