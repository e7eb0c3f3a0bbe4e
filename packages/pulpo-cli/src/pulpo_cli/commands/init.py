"""`init`: a project in a folder that may hold an application already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pulpo_cli.errors import MISTAKE
from pulpo_cli.options import AsJson
from pulpo_cli.output import (
    note,
    print_diagnostics,
    print_done,
    print_json,
    print_table,
    print_text,
)
from pulpo_cli.planned import counted
from pulpo_cli.project import project_of

if TYPE_CHECKING:
    from pulpo_cli.adoption import Adoption
    from pulpo_cli.interface import CLI

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(rich_help_panel="Start")(init)


def init(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Option(help="The project's name; default: the folder's.")
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Say what is there and what would be made; make nothing.")
    ] = False,
    database: Annotated[
        bool, typer.Option(help="Create the database's collections and indexes, too.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Make a project of this folder: what it lacks, the first output, and its database.

    Nothing that exists is changed.
    """
    cli = project_of(context)
    adoption = cli.adoption
    made = cli.init(name, dry_run=plan)
    if as_json:
        plain = adoption.plain()
        print_json({**plain, "created": list(made.created), "kept": list(made.kept)})
    else:
        _show(adoption)
        for path in made.created:
            note(f"[green]{'would create' if plan else 'created'}[/] {path}")
        for path in made.kept:
            note(f"[dim]kept    {path}[/]")
    if plan:
        return
    _compile(cli, quiet=as_json)
    if database and (cli.root / "main").is_file() and cli.analysis.app.models:
        _prepare(cli, quiet=as_json)
    if not as_json and not adoption.is_existing:
        print_text("next: `pulpo dev` while you write, `pulpo up` to run it")


def _compile(cli: CLI, *, quiet: bool) -> None:
    result = cli.compile()
    if result.errors:
        print_diagnostics(result.diagnostics, cli.root)
        raise typer.Exit(MISTAKE)
    cli.write_snapshot()
    if not quiet:
        print_done(f"run_cache/: {counted(result.plan)}")


def _prepare(cli: CLI, *, quiet: bool) -> None:
    """Let the project make its collections and indexes; its own words say why it cannot."""
    code, answer = cli.project_answer("db", "init", "--json")
    if code != 0:
        note("[yellow]the database is not prepared:[/] mend it, then run `./main db init`")
        raise typer.Exit(MISTAKE)
    if not quiet:
        print_done(f"database {answer['database']}: {', '.join(answer['collections'])}")


def _show(adoption: Adoption) -> None:
    """Print what is there already, and what would meet."""
    from pulpo_codegen import resource_routes

    if adoption.is_existing:
        found = adoption.found
        for application in found.applications:
            note(f"found a FastAPI application: {application.reference} at {application.location}")
        print_table(
            "Beanie documents",
            ("document", "at", "@datamodel", "would be served at"),
            [
                (
                    one.name,
                    str(one.location),
                    "yes" if one.declared else "no",
                    f"{resource_routes(one.collection)[0].split()[1]}",
                )
                for one in found.documents
            ],
            "no Beanie documents",
        )
        note(f"{len(found.routes)} routes of your own stay as they are")
    if adoption.collisions:
        print_table(
            "Collisions",
            ("where", "what", "remedy"),
            [(one.place, one.problem, one.remedy) for one in adoption.collisions],
            "",
        )
    if adoption.undeclared:
        names = ", ".join(one.name for one in adoption.undeclared)
        print_text(
            "to have them served, put `@datamodel` (from pulpo_base import datamodel) above: "
            f"{names}; then `pulpo compile`\n"
        )
