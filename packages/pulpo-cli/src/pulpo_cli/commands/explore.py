"""`models`, `operations`, `flows`, `inspect`, `graph`: look at what was understood."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pulpo_cli.listings import list_flows, list_models, list_operations
from pulpo_cli.options import AsJson, exit_on_errors, project_of
from pulpo_cli.output import note, print_json, print_text
from pulpo_cli.views import show_flow, show_model, show_operation

__all__ = ["PANEL", "register"]

PANEL = "Look"


class GraphFormat(StrEnum):
    """How a graph is written."""

    MERMAID = "mermaid"
    DOT = "dot"
    JSON = "json"


class GraphView(StrEnum):
    """Which part of the graph a diagram shows."""

    SYSTEM = "system"
    MODELS = "models"


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (models, operations, flows, graph):
        app.command(rich_help_panel=PANEL)(command)
    app.command("inspect", rich_help_panel=PANEL)(inspect_name)


def models(context: typer.Context, as_json: AsJson = False) -> None:
    """List the models with their collections, fields and relations."""
    raise typer.Exit(list_models(project_of(context), as_json=as_json))


def operations(context: typer.Context, as_json: AsJson = False) -> None:
    """List the operations with what they take, return, read and write."""
    raise typer.Exit(list_operations(project_of(context), as_json=as_json))


def flows(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="Show one flow in detail.")] = None,
    as_json: AsJson = False,
    mermaid: Annotated[bool, typer.Option("--mermaid", help="Print diagrams as Mermaid.")] = False,
) -> None:
    """List the flows, or show the steps, order and bindings of one."""
    from pulpo_analysis.graphs.mermaid import flow_diagram
    from pulpo_base.serialisation import to_plain

    cli = project_of(context)
    if not name and not mermaid:
        raise typer.Exit(list_flows(cli, as_json=as_json))
    chosen = (cli.flow(name),) if name else cli.analysis.flows
    if as_json:
        print_json(to_plain(chosen[0]) if name else [to_plain(flow) for flow in chosen])
    elif mermaid:
        print_text("\n".join(flow_diagram(flow) for flow in chosen))
    else:
        show_flow(chosen[0])
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


def graph(
    context: typer.Context,
    form: Annotated[
        GraphFormat, typer.Option("--format", "-f", help="How the graph is written.")
    ] = GraphFormat.MERMAID,
    view: Annotated[
        GraphView, typer.Option(help="What a Mermaid diagram shows.")
    ] = GraphView.SYSTEM,
    as_json: AsJson = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to a file.", show_default=False)
    ] = None,
) -> None:
    """Print the graph of models, operations and flows."""
    from pulpo_analysis.graphs.dot import to_dot
    from pulpo_analysis.graphs.mermaid import models_diagram, system_diagram
    from pulpo_analysis.graphs.node_link import to_node_link

    cli = project_of(context)
    analysis = cli.analysis
    match GraphFormat.JSON if as_json else form:
        case GraphFormat.JSON:
            text = to_node_link(analysis.graph)
        case GraphFormat.DOT:
            text = to_dot(analysis.graph)
        case GraphFormat.MERMAID if view is GraphView.MODELS:
            text = models_diagram(analysis.app)
        case GraphFormat.MERMAID:
            text = system_diagram(analysis.graph)
    if output is None:
        print_text(text)
    else:
        output.write_text(text, encoding="utf-8")
        note(f"[green]✓[/] wrote {output}")
    exit_on_errors(cli)
