"""`diff`: what changed since a git revision, and whom it may hurt."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pulpo_cli.errors import MISTAKE
from pulpo_cli.options import AsJson
from pulpo_cli.output import note, print_diagnostics, print_json, print_text
from pulpo_cli.project import project_of

if TYPE_CHECKING:
    from pulpo_analysis.changes.change import Change
    from pulpo_analysis.changes.compare import Compared
    from pulpo_cli.interface import CLI

__all__ = ["register"]


class DiffFormat(StrEnum):
    """What changes are printed as."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(rich_help_panel="Ask")(diff)


def diff(
    context: typer.Context,
    revision: Annotated[
        str, typer.Argument(metavar="[REF]", help="A git revision, or a snapshot's file.")
    ] = "HEAD",
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit 1 where a change breaks or risks data.")
    ] = False,
    as_json: AsJson = False,
    form: Annotated[
        DiffFormat, typer.Option("--format", help="sarif, github: for code hosts.")
    ] = DiffFormat.TEXT,
) -> None:
    """Compare the project with a git revision, and judge every change.

    Breaking (an error) is what refuses or disappoints who calls the API, a command or a flow as
    before; a risk to the data (a warning) what may no longer read what is stored; the rest is
    safe (a note). Nothing is checked out. `diff.ignore` in .pulpo.yml leaves out changes, with
    a reason. The exit code is 0, or with --exit-code 1 where a change is not safe.
    """
    from pulpo_analysis.changes.change import Risk

    cli = project_of(context)
    if cli.analysis.errors:
        # What an error hides would be taken for removed.
        print_diagnostics(cli.analysis.errors, cli.root)
        raise typer.Exit(MISTAKE)
    found = cli.diff(revision)
    _print(cli, revision, found, DiffFormat.JSON if as_json else form)
    if exit_code and any(change.risk is not Risk.SAFE for change in found.changes):
        raise typer.Exit(MISTAKE)


def _print(cli: CLI, revision: str, found: Compared, form: DiffFormat) -> None:
    from pulpo_analysis.diagnostics.github import workflow_commands
    from pulpo_analysis.diagnostics.sarif import sarif

    diagnostics = [change.diagnostic for change in found.changes]
    match form:
        case DiffFormat.JSON:
            print_json(_plain(revision, found))
        case DiffFormat.SARIF:
            print_json(sarif(diagnostics))
        case DiffFormat.GITHUB:
            for line in workflow_commands(diagnostics):
                print_text(line)
        case DiffFormat.TEXT:
            if diagnostics:
                print_diagnostics(diagnostics, cli.root)
            note(_summary(revision, found))


def _plain(revision: str, found: Compared) -> dict[str, Any]:
    return {
        "since": revision,
        "changes": [_change(change) for change in found.changes],
        "ignored": [{**_change(change), "reason": reason} for change, reason in found.ignored],
    }


def _change(change: Change) -> dict[str, Any]:
    from pulpo_base.serialisation import to_plain

    return {"where": change.where, "risk": change.risk.value, **to_plain(change.diagnostic)}


def _summary(revision: str, found: Compared) -> str:
    from collections import Counter

    from rich.markup import escape

    from pulpo_analysis.changes.change import Risk

    counts = Counter(change.risk for change in found.changes)
    parts = [f"{counts[risk]} {risk.value}" for risk in Risk if counts[risk]]
    if found.ignored:
        parts.append(f"{len(found.ignored)} ignored")
    return f"since {escape(revision)}: {', '.join(parts) or 'no changes'}"
