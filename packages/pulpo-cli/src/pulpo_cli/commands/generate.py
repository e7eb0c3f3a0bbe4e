"""`compile`, `docs`, `clean`: the generated tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pulpo_cli.errors import MISTAKE, UserError
from pulpo_cli.options import AsJson, exit_on_errors, project_of
from pulpo_cli.output import note, print_diagnostics, print_json, print_styled
from pulpo_cli.planned import actions_of, ahead, counted, plan_lines, plan_value

if TYPE_CHECKING:
    from pulpo_cli.interface import CLI
    from pulpo_codegen import CompileResult

__all__ = ["register"]

_PANEL = "Generate"

#: `compile --plan` with changes ahead, as `terraform plan -detailed-exitcode` has it.
CHANGES = 2

#: More warnings than these are for `pulpo lint`: here they would hide what was done.
_SHOWN = 5


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("compile", rich_help_panel=_PANEL)(compile_command)
    app.command(rich_help_panel=_PANEL)(docs)
    app.command(rich_help_panel=_PANEL)(clean)


def compile_command(
    context: typer.Context,
    targets: Annotated[
        list[str] | None,
        typer.Argument(help="core, api, workflows, cli, deploy, docs; default: all."),
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
    app = cli.analysis.app
    if not app.models and not app.operations and not (cli.root / "run_cache").exists():
        exit_on_errors(cli)
        raise UserError(
            f"there is no model and no operation in {cli.root}",
            "`pulpo init` makes a project; `--project FOLDER` names another",
        )
    result = cli.compile(targets, select=select, force=force, dry_run=plan or check)
    _report(cli, result, as_json=as_json, planned=plan)
    if result.errors:
        raise typer.Exit(MISTAKE)
    if result.plan.has_changes and plan:
        raise typer.Exit(CHANGES)
    if result.plan.has_changes and check:
        raise typer.Exit(MISTAKE)


def docs(context: typer.Context, as_json: AsJson = False) -> None:
    """Generate the project's documentation to run_cache/docs/."""
    cli = project_of(context)
    result = cli.compile(["docs"])
    _report(cli, result, as_json=as_json)
    if result.errors:
        raise typer.Exit(MISTAKE)


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
        note(f"[green]✓[/] removed {len(result.removed)} generated files")
    if result.diagnostics:
        raise typer.Exit(MISTAKE)


def _report(cli: CLI, result: CompileResult, *, as_json: bool, planned: bool = False) -> None:
    """Print what was done; `planned` what would be, and why."""
    plan = result.plan
    if as_json:
        print_json(_value(cli, result, planned=planned))
    elif planned and (plan.has_changes or plan.refuse or not result.errors):
        for line in plan_lines(plan, cli.explain(result)):
            print_styled(line)
    elif not result.errors and plan.has_changes and not result.applied:
        note(f"[yellow]stale:[/] {ahead(plan)}; run `pulpo compile`")
    elif not result.errors:
        note(f"[green]✓[/] run_cache/: {counted(plan)}")
        _warn(cli, result)
    if result.errors and not as_json:
        # What is merely worth a note belongs to `pulpo lint`.
        print_diagnostics(result.errors, cli.root)


def _value(cli: CLI, result: CompileResult, *, planned: bool) -> dict[str, Any]:
    plan = result.plan
    files = [
        {"path": item.path, "action": verb, "reason": item.reason}
        for verb, items in actions_of(plan)
        for item in items
    ]
    return {
        "applied": result.applied,
        "targets": list(result.targets),
        "files": files,
        **(plan_value(plan, cli.explain(result)) if planned else {}),
        "errors": [f"{found.code}: {found.message}" for found in result.errors],
    }


def _warn(cli: CLI, result: CompileResult) -> None:
    warnings = [found for found in result.diagnostics if found.severity.value == "warning"]
    if warnings:
        print_diagnostics(warnings[:_SHOWN], cli.root)
    if len(warnings) > _SHOWN:
        note(f"{len(warnings) - _SHOWN} more warnings: see `pulpo lint`")
