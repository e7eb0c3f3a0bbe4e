"""`why`, `impact`, `path`, `unused`: questions that the graph answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from pulpo_cli.completing import model_names, names
from pulpo_cli.options import AsJson, exit_on_errors
from pulpo_cli.output import print_done, print_facts, print_json, print_table, print_text
from pulpo_cli.project import project_of

if TYPE_CHECKING:
    from pulpo_analysis.graphs.graph import GraphEdge
    from pulpo_analysis.questions.impact import Use
    from pulpo_analysis.questions.order import Why
    from pulpo_base.flows.plan import FlowEdge
    from pulpo_base.specs import SourceLocation

__all__ = ["register"]

_PANEL = "Ask"

_From = Annotated[
    str, typer.Argument(metavar="A", help="A model, an operation or a flow.", autocompletion=names)
]
_To = Annotated[str, typer.Argument(metavar="B", help="Another one.", autocompletion=names)]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (why, impact, path, unused):
        app.command(rich_help_panel=_PANEL)(command)


def why(
    context: typer.Context,
    first: Annotated[
        str, typer.Argument(metavar="A", help="An operation or a flow.", autocompletion=names)
    ],
    second: Annotated[str, typer.Argument(metavar="B", help="Another one.", autocompletion=names)],
    as_json: AsJson = False,
) -> None:
    """Say why A runs before B: the chain of edges with rule, model and place.

    It says as well when there is no such chain, and whether the two run at the same time. The
    exit code is 0 for every answer, and 1 for an unknown name.
    """
    from pulpo_analysis.questions.order import why as ask
    from pulpo_base.serialisation import to_plain

    cli = project_of(context)
    answer = ask(cli.runnable(first), cli.runnable(second), cli.analysis)
    if as_json:
        print_json(to_plain(answer))
    else:
        print_text("\n".join([_sentence(answer), *_edges(answer.chain)]))
    exit_on_errors(cli)


def _sentence(answer: Why) -> str:
    from pulpo_analysis.questions.order import Order

    first, second, flow = answer.first, answer.second, answer.flow
    match answer.order:
        case Order.SAME:
            return f"{first} is one and the same."
        case Order.BEFORE:
            return f"{first} runs before {second} in the flow {flow}:"
        case Order.AFTER:
            return f"{first} does not run before {second}: it is the other way round in {flow}:"
        case Order.PARALLEL:
            return (
                f"Nothing puts {first} before {second}, or behind it: "
                f"in the flow {flow} they run at the same time."
            )
        case Order.SEPARATE:
            text = f"{first} and {second} are no steps of one flow: whoever starts them decides."
            return f"{text} Their data says:" if answer.chain else text


def _edges(chain: Iterable[FlowEdge]) -> Iterable[str]:
    for edge in chain:
        yield f"  {edge.before} → {edge.after}"
        for reason in edge.reasons:
            yield f"      {reason}{_at(reason.locations)}"


def _at(locations: Sequence[SourceLocation | None]) -> str:
    places = ", ".join(str(location) for location in locations if location)
    return f"  ({places})" if places else ""


def impact(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="MODEL[.FIELD]", help="As in Order.total.", autocompletion=model_names
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Show what depends on a model or a field of it.

    These are operations, flows, models, indexes, routes, commands, pages of the generated docs,
    and what the data reaches later. Which fields an operation uses is not known: for a field
    they are those of its model. The exit code is 1 for an unknown name.
    """
    from dataclasses import asdict

    from pulpo_analysis.questions.impact import impact as ask
    from pulpo_base.serialisation import to_plain

    cli = project_of(context)
    model, field = cli.model_field(name)
    answer = ask(model, field, cli.analysis)
    surface = cli.surface(model, [use.name for use in answer.operations])
    if as_json:
        print_json({**to_plain(answer), **asdict(surface)})
        exit_on_errors(cli)
        return
    for what, uses in (
        ("operations", answer.operations),
        ("flows", answer.flows),
        ("models", answer.models),
        ("indexes", answer.indexes),
        ("reached later", answer.further),
    ):
        _print_uses(what, uses)
    print_facts(
        f"What shows {name}",
        {
            "routes": "\n".join(surface.routes),
            "commands": "\n".join(surface.commands),
            "pages": "\n".join(surface.pages),
        },
    )
    exit_on_errors(cli)


def _print_uses(what: str, uses: Sequence[Use]) -> None:
    if uses:
        rows = [(use.name, use.how, str(use.location or "")) for use in uses]
        print_table(what.capitalize(), ("name", "how", "at"), rows, "")


def path(context: typer.Context, first: _From, second: _To, as_json: AsJson = False) -> None:
    """Show the shortest chain of edges from A to B.

    The chain follows the data where it can; otherwise it goes along any edge, in either
    direction, and says so. The exit code is 0 for every answer, and 1 for an unknown name.
    """
    from pulpo_analysis.questions.chains import find_path
    from pulpo_base.serialisation import to_plain

    cli = project_of(context)
    start, end = cli.node(first), cli.node(second)
    answer = find_path(cli.analysis.graph, start, end)
    if as_json:
        print_json(to_plain(answer))
    elif not answer.edges:
        same = "is one and the same" if start == end else f"and {second} are not connected"
        print_text(f"{first} {same}.")
    else:
        how = "Data goes" if answer.directed else "No data goes this way; they are connected"
        lines = [_line(edge) for edge in answer.edges]
        print_text("\n".join([f"{how} from {first} to {second}:", *lines]))
    exit_on_errors(cli)


def _line(edge: GraphEdge) -> str:
    source, target = (end.partition(":")[2] for end in (edge.source, edge.target))
    verb = edge.kind.value.replace("_", " ").lower()
    reason = f" – {edge.reason}" if edge.reason else ""
    return f"  {source} {verb} {target}{reason}{_at((edge.location,))}"


def unused(context: typer.Context, as_json: AsJson = False) -> None:
    """List what nothing needs. The exit code is 0 whatever is found.

    Models that no operation reads, writes, takes or returns; operations that are no step of a
    flow, touch no model and that no other operation names (those with in_flow=False are meant
    to stand alone); schemas and enumerations that no model and no operation mentions.
    """
    from pulpo_analysis.questions.unused import unused as ask
    from pulpo_base.serialisation import to_plain

    cli = project_of(context)
    found = ask(cli.analysis)
    if as_json:
        print_json([to_plain(one) for one in found])
    elif found:
        rows = [(one.name, one.kind, one.reason, str(one.location)) for one in found]
        print_table("Unused", ("name", "kind", "why", "at"), rows, "")
    else:
        print_done("everything is needed")
    exit_on_errors(cli)
