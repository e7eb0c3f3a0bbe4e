"""`flows` and `graph`: the project as tables, diagrams, data for other tools, or a page."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulpo_cli.commands.explore import PANEL
from pulpo_cli.listings import list_flows
from pulpo_cli.options import AsJson, Selection, exit_on_errors
from pulpo_cli.output import print_done, print_json, print_text
from pulpo_cli.project import project_of
from pulpo_cli.views import show_flow

if TYPE_CHECKING:
    from pulpo_analysis.graphs.graph import AppGraph
    from pulpo_cli.interface import CLI

__all__ = ["register"]


class GraphFormat(StrEnum):
    """How a graph is written."""

    MERMAID = "mermaid"
    DOT = "dot"
    JSON = "json"
    GRAPHML = "graphml"
    HTML = "html"


class GraphView(StrEnum):
    """Which part of the graph is shown."""

    SYSTEM = "system"
    MODELS = "models"
    FLOWS = "flows"


#: `./main flows` wants one of them; here they may stand before the selection.
_WORDS_OF_MAIN = frozenset({"list", "show"})

Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to a file.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(rich_help_panel=PANEL)(flows)
    app.command(rich_help_panel=PANEL)(graph)


def flows(
    context: typer.Context,
    selection: Selection = None,
    as_json: AsJson = False,
    mermaid: Annotated[bool, typer.Option("--mermaid", help="As --format mermaid.")] = False,
    form: Annotated[
        GraphFormat | None,
        typer.Option("--format", "-f", help="Write diagrams instead.", show_default=False),
    ] = None,
    output: Output = None,
) -> None:
    """List the flows, or show the steps, order and bindings of one: `pulpo flows [show] NAME`.

    `--format html` writes one file that needs no network, to -o FILE or .pulpo/graph.html.
    """
    from pulpo_base.serialisation import to_plain

    cli = project_of(context)
    if selection and selection[0] in _WORDS_OF_MAIN and cli.analysis.flow(selection[0]) is None:
        selection = selection[1:]
    one = cli.one_flow(selection)
    if not (one or form or mermaid):
        raise typer.Exit(list_flows(cli, selection, as_json=as_json))
    chosen = (one,) if one else cli.select(selection).flows
    if as_json:
        print_json(to_plain(one) if one else [to_plain(flow) for flow in chosen])
    elif form or mermaid:
        ids = cli.select([flow.name for flow in chosen]).ids if chosen else frozenset()
        part = cli.analysis.graph.only(ids)
        _deliver(cli, part, GraphView.FLOWS, form or GraphFormat.MERMAID, output)
    elif one:
        show_flow(one)
    exit_on_errors(cli)


def graph(
    context: typer.Context,
    selection: Selection = None,
    form: Annotated[
        GraphFormat, typer.Option("--format", "-f", help="How the graph is written.")
    ] = GraphFormat.MERMAID,
    view: Annotated[
        GraphView, typer.Option(help="All of it, the models, or the flows.")
    ] = GraphView.SYSTEM,
    focus: Annotated[
        str | None,
        typer.Option(metavar="NODE", help="Show what is around one node.", show_default=False),
    ] = None,
    depth: Annotated[int, typer.Option(min=0, help="How many edges around --focus to go.")] = 1,
    snapshot: Annotated[
        bool, typer.Option("--snapshot", help="Write the facts to .pulpo/graph.json and stop.")
    ] = False,
    as_json: AsJson = False,
    output: Output = None,
) -> None:
    """Print the graph of models, operations and flows, or write it as a page to look at.

    `--format html` writes one file that needs no network, to -o FILE or .pulpo/graph.html.
    """
    cli = project_of(context)
    if snapshot:
        exit_on_errors(cli)
        print_done(f"wrote {cli.write_snapshot()}")
        return
    part = cli.analysis.graph.only(cli.select(selection).ids)
    if focus is not None:
        part = part.around([cli.node(focus)], depth)
    _deliver(cli, part, view, GraphFormat.JSON if as_json else form, output)
    exit_on_errors(cli)


def _deliver(
    cli: CLI, part: AppGraph, view: GraphView, form: GraphFormat, output: Path | None
) -> None:
    """Print a part of the graph, or write it to a file; a page always is a file."""
    if form is GraphFormat.HTML:
        text = _page(cli, part, view)
        if output is None:
            output = cli.state_file("graph.html")
    else:
        text = _text(cli, part, view, form)
    if output is None:
        print_text(text)
    else:
        output.write_text(text, encoding="utf-8")
        print_done(f"wrote {output}")


def _page(cli: CLI, part: AppGraph, view: GraphView) -> str:
    from pulpo_analysis.graphs.page.html import graph_page

    analysis, project = cli.analysis, cli.analysis.config.project
    start = "lineage" if view is GraphView.SYSTEM else view.value
    return graph_page(project.title or project.name, analysis.app, part, analysis.flows, start)


def _text(cli: CLI, part: AppGraph, view: GraphView, form: GraphFormat) -> str:
    from dataclasses import replace

    from pulpo_analysis.graphs.graph import NodeKind
    from pulpo_analysis.graphs.mermaid import flow_diagram, models_diagram, system_diagram
    from pulpo_analysis.questions.selected import Selected

    selected = Selected(cli.analysis, frozenset(node.id for node in part.nodes))
    if form is not GraphFormat.MERMAID:
        kinds = {
            GraphView.SYSTEM: tuple(NodeKind),
            GraphView.MODELS: (NodeKind.MODEL,),
            GraphView.FLOWS: (NodeKind.OPERATION, NodeKind.FLOW),
        }
        return _data(part.of_kinds(*kinds[view]), form)
    match view:
        case GraphView.MODELS:
            return models_diagram(replace(cli.analysis.app, models=selected.models))
        case GraphView.FLOWS:
            return flow_diagram(*selected.flows)
        case GraphView.SYSTEM:
            return system_diagram(part)


def _data(part: AppGraph, form: GraphFormat) -> str:
    from pulpo_analysis.graphs.dot import to_dot
    from pulpo_analysis.graphs.graphml import to_graphml
    from pulpo_analysis.graphs.node_link import to_node_link

    match form:
        case GraphFormat.DOT:
            return to_dot(part)
        case GraphFormat.GRAPHML:
            return to_graphml(part)
        case _:
            return to_node_link(part)
