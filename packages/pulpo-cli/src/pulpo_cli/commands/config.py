"""`config`: what holds, and where it comes from."""

from __future__ import annotations

import json

import typer

from pulpo_base.command_groups import command_group
from pulpo_cli.options import AsJson
from pulpo_cli.output import print_diagnostics, print_json, print_table
from pulpo_cli.project import project_of

__all__ = ["app"]

app = command_group(name="config", help="Show the configuration, and where each value comes from.")


@app.callback(invoke_without_command=True)
def config(context: typer.Context, as_json: AsJson = False) -> None:
    """Show the configuration that holds, and where each value comes from."""
    if context.invoked_subcommand is not None:
        return
    from pulpo_cli.effective import effective_settings

    cli = project_of(context)
    settings, diagnostics = effective_settings(cli.root)
    if as_json:
        print_json([{"key": one.key, "value": one.value, "source": one.source} for one in settings])
    else:
        rows = [
            (one.key, json.dumps(one.value, ensure_ascii=False), one.source) for one in settings
        ]
        print_table("Configuration", ("key", "value", "from"), rows, "")
    if diagnostics:
        print_diagnostics(diagnostics, cli.root)
        raise typer.Exit(1)


@app.command()
def schema() -> None:
    """Print the JSON schema of .pulpo.yml, for editors."""
    from pydantic import TypeAdapter

    from pulpo_analysis.config.settings import ProjectConfig

    print_json(TypeAdapter(ProjectConfig).json_schema())
