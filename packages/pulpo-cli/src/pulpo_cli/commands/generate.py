"""`compile`, `docs`, `clean`: the generated tree."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pulpo_cli.compiled import report
from pulpo_cli.errors import MISTAKE, UserError
from pulpo_cli.options import AsJson, exit_on_errors
from pulpo_cli.output import print_diagnostics, print_done, print_json
from pulpo_cli.project import project_of

__all__ = ["register"]

_PANEL = "Generate"

#: `compile --plan` with changes ahead, as `terraform plan -detailed-exitcode` has it.
CHANGES = 2


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("compile", rich_help_panel=_PANEL)(compile_command)
    app.command(rich_help_panel=_PANEL)(docs)
    app.command(rich_help_panel=_PANEL)(clean)


def compile_command(
    context: typer.Context,
    targets: Annotated[
        list[str] | None,
        typer.Argument(help="core, api, ui, workflows, cli, deploy, docs; default: all."),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            "--select",
            metavar="SELECTION",
            help="Only files that show these: names, `flow.*`, tag:x, model:X, changed:REF, x+.",
        ),
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Show what would change; exit 0 nothing, 2 changes.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 where the output is stale.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite generated files that were edited.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Generate API, flows, project command line, deployment files and docs to run_cache/."""
    cli = project_of(context)
    if cli.is_empty:
        exit_on_errors(cli)
        raise UserError(
            f"there is no model and no operation in {cli.root}",
            "`pulpo init` makes a project; `--project FOLDER` names another",
        )
    result = cli.compile(targets, select=select, force=force, dry_run=plan or check)
    report(cli, result, as_json=as_json, planned=plan)
    if result.errors:
        raise typer.Exit(MISTAKE)
    if result.plan.has_changes and plan:
        raise typer.Exit(CHANGES)
    if result.plan.has_changes and check:
        raise typer.Exit(MISTAKE)


def docs(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where the site goes; .pulpo/docs.")
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open the site in the browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Generate the project's documentation: Markdown, and a site that opens from disk."""
    cli = project_of(context)
    result = cli.compile(["docs"])
    report(cli, result, as_json=as_json)
    if result.errors:
        raise typer.Exit(MISTAKE)
    page = cli.write_site(output)
    if not as_json:
        print_done(f"site: {page}")
    if show:
        import webbrowser

        webbrowser.open(page.resolve().as_uri())


def clean(
    context: typer.Context,
    force: Annotated[
        bool, typer.Option("--force", help="Remove generated files that were edited, too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Remove the generated files and the cache, and nothing else."""
    cli = project_of(context)
    result = cli.clean(force=force)
    if as_json:
        print_json({"removed": list(result.removed)})
    elif result.diagnostics:
        print_diagnostics(result.diagnostics, cli.root)
    else:
        print_done(f"removed {len(result.removed)} generated files")
    if result.diagnostics:
        raise typer.Exit(MISTAKE)
