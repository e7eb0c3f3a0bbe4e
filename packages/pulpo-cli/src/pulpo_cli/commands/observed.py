"""`observed`: what operations declare, against what a running application has seen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pulpo_cli.errors import MISTAKE, UserError
from pulpo_cli.options import AsJson, exit_on_errors
from pulpo_cli.output import print_done, print_json, print_table
from pulpo_cli.project import project_of

if TYPE_CHECKING:
    from pulpo_analysis.questions.observed import Access, ObservedUse

__all__ = ["register"]

_STATISTICS = "/selfaware/stats"
_SECONDS = 10.0


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(rich_help_panel="Ask")(observed)


def observed(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="[URL|FILE]",
            help="The API's address, or its statistics in a file; default: $PULPO_API_URL, or the "
            "API that runs here.",
            show_default=False,
        ),
    ] = "",
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit 1 where something was seen undeclared.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare what operations declare with the data that they really read and wrote.

    A running API counts, for each operation, the commands that reach the database. Undeclared is
    what was seen and no models_in or models_out names: flows are ordered without it. Unseen is
    what is declared and has not happened yet. An API of several processes answers for one of them.
    The exit code is 0, or with --exit-code 1 where something is undeclared.
    """
    from pulpo_analysis.questions.observed import Verdict
    from pulpo_analysis.questions.observed import observed as ask
    from pulpo_base.serialisation import to_plain

    cli = project_of(context)
    access = _access(source or _address(cli.root))
    found = ask(cli.analysis.app, access)
    if as_json:
        print_json([to_plain(use) for use in found])
    elif found:
        rows = [(*_said(use), str(use.commands), str(use.location)) for use in found]
        columns = ("operation", "what", "verdict", "commands", "at")
        print_table("Declared against observed", columns, rows, "")
    else:
        print_done("no operation has touched the database yet")
    exit_on_errors(cli)
    if exit_code and any(use.verdict is Verdict.UNDECLARED for use in found):
        raise typer.Exit(MISTAKE)


def _said(use: ObservedUse) -> tuple[str, str, str]:
    return use.operation, f"{use.access}s {use.model}", use.verdict


def _address(root: Path) -> str:
    from pulpo_base.project.errors import ProjectError
    from pulpo_base.project.remote import remote_url
    from pulpo_codegen.layout import STATE

    try:
        return remote_url(root / STATE)
    except ProjectError as error:
        raise UserError(error.message, f"{error.hint}; or give a file") from error


def _access(source: str) -> Access:
    try:
        text = _fetched(source) if "://" in source else Path(source).read_text("utf-8")
        statistics = json.loads(text)
    except (OSError, ValueError) as error:
        raise UserError(f"{source}: {error}", f"give what GET {_STATISTICS} answers") from error
    access: Any = statistics.get("data_access") if isinstance(statistics, dict) else None
    if not isinstance(access, dict):
        raise UserError(
            f"{source} holds no `data_access`", f"give what GET {_STATISTICS} of the API answers"
        )
    return access


def _fetched(address: str) -> str:
    import httpx

    url = address.rstrip("/").removesuffix(_STATISTICS) + _STATISTICS
    try:
        answer = httpx.get(url, timeout=_SECONDS)
    except httpx.HTTPError as error:
        raise UserError(
            f"{url} does not answer: {type(error).__name__}", "see `pulpo status`"
        ) from error
    if not answer.is_success:
        raise UserError(
            f"{url} says {answer.status_code} {answer.reason_phrase}",
            "its statistics are for requests from the same machine, or those that it authorises; "
            "save them to a file there, and give the file",
        )
    return answer.text
