"""`lint`: check the project, and list the rules."""

from __future__ import annotations

from typing import Annotated

import typer

from pulpo_cli.errors import MISTAKE
from pulpo_cli.options import AsJson, project_of
from pulpo_cli.output import print_diagnostics, print_json, print_table

__all__ = ["app"]

CrossCheck = Annotated[
    bool, typer.Option("--cross-check", help="Import the project, too, and report differences.")
]

app = typer.Typer(
    name="lint",
    help="Check the project; exit code 1 where there are errors.",
    invoke_without_command=True,
)


@app.callback()
def lint(context: typer.Context, as_json: AsJson = False, cross_check: CrossCheck = False) -> None:
    """Check models, operations, flows and configuration without importing them."""
    if context.invoked_subcommand is not None:
        return
    from pulpo_base.serialisation import to_plain

    cli = project_of(context)
    diagnostics = cli.cross_checked if cross_check else cli.analysis.diagnostics
    if as_json:
        print_json([to_plain(found) for found in diagnostics])
    else:
        print_diagnostics(diagnostics, cli.root)
    if any(found.severity.value == "error" for found in diagnostics):
        raise typer.Exit(MISTAKE)


@app.command()
def rules(as_json: AsJson = False) -> None:
    """List every rule with its code and severity; `pulpo explain CODE` says the rest."""
    from pulpo_analysis.diagnostics.catalogue import CATALOGUE

    rows = sorted(CATALOGUE.values(), key=lambda rule: rule.code)
    if as_json:
        print_json([{"code": r.code, "severity": r.severity.value, "title": r.title} for r in rows])
    else:
        cells = [(rule.code, rule.severity.value, rule.title) for rule in rows]
        print_table("Rules", ("code", "severity", "rule"), cells, "no rules")
