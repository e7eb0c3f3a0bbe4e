"""`lint`: check the project, mend what can be mended, and list the rules."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from pulpo_base.command_groups import command_group
from pulpo_cli.errors import MISTAKE, UserError
from pulpo_cli.options import AsJson
from pulpo_cli.output import note, print_diagnostics, print_json, print_table, print_text
from pulpo_cli.project import project_of

if TYPE_CHECKING:
    from pulpo_analysis import Diagnostic
    from pulpo_cli.interface import CLI

__all__ = ["app"]


class Format(StrEnum):
    """What findings are printed as."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    SUMMARY = "summary"


CrossCheck = Annotated[
    bool, typer.Option("--cross-check", help="Import the project, too, and report differences.")
]

app = command_group(
    name="lint",
    short_help="Check the project; exit code 1 where there are errors.",
    invoke_without_command=True,
)

_FORMAT = typer.Option(
    "--format",
    help="text: with source lines, on standard error. json, sarif: for other programs. "
    "github: annotations of a pull request. summary: how often each code was found.",
)
_FIX = typer.Option("--fix", help="Mend what can be mended safely, and check again.")
_DIFF = typer.Option("--diff", help="Show what --fix would change; nothing is written.")


@app.callback()
def lint(
    context: typer.Context,
    as_json: AsJson = False,
    output: Annotated[Format, _FORMAT] = Format.TEXT,
    fix: Annotated[bool, _FIX] = False,
    diff: Annotated[bool, _DIFF] = False,
    cross_check: CrossCheck = False,
) -> None:
    """Check models, operations, flows and configuration without importing them.

    Exit codes: 0 no errors (warnings and notes are none), 1 errors or a
    mistake in the command line, 70 a bug of Pulpo, 130 Ctrl-C.

    `pulpo lint rules` lists every rule, `pulpo explain CODE` says the rest.
    `lint` in .pulpo.yml and comments, `# pulpo: ignore[CODE] reason`, say
    which findings count.
    """
    if context.invoked_subcommand is not None:
        return
    if as_json and output not in {Format.TEXT, Format.JSON}:
        raise UserError(f"--json and --format {output.value} exclude each other", "give one")
    cli = project_of(context)
    if diff:
        _show_changes(cli)
        diagnostics = cli.analysis.diagnostics
    else:
        fixed = _mend(cli) if fix else 0
        diagnostics = cli.cross_checked if cross_check else cli.analysis.diagnostics
        _print(cli, diagnostics, Format.JSON if as_json else output, fixed)
    if any(found.severity.value == "error" for found in diagnostics):
        raise typer.Exit(MISTAKE)


def _print(cli: CLI, diagnostics: Sequence[Diagnostic], output: Format, fixed: int) -> None:
    from pulpo_analysis.diagnostics.github import workflow_commands
    from pulpo_analysis.diagnostics.sarif import sarif
    from pulpo_base.serialisation import to_plain

    match output:
        case Format.JSON:
            print_json([to_plain(found) for found in diagnostics])
        case Format.SARIF:
            print_json(sarif(diagnostics))
        case Format.GITHUB:
            for line in workflow_commands(diagnostics):
                print_text(line)
        case Format.SUMMARY:
            _print_counts(diagnostics)
        case Format.TEXT:
            print_diagnostics(diagnostics, cli.root)
            _tell_of_fixes(diagnostics, fixed)


def _print_counts(diagnostics: Sequence[Diagnostic]) -> None:
    from pulpo_analysis.diagnostics.summary import code_counts

    rows = [
        (row.code, row.severity.value, str(row.count), str(row.files), str(row.fixable), row.title)
        for row in code_counts(diagnostics)
    ]
    columns = ("code", "severity", "findings", "files", "--fix", "rule")
    print_table("Findings", columns, rows, "no findings")


def _tell_of_fixes(diagnostics: Sequence[Diagnostic], fixed: int) -> None:
    fixable = sum(found.fix is not None for found in diagnostics)
    if fixed:
        note(f"[green]{fixed} mended[/]")
    elif fixable:
        note(f"[dim]{fixable} can be mended with --fix; --diff shows how[/]")


def _show_changes(cli: CLI) -> None:
    from pulpo_analysis.fixing.apply import planned_changes

    changes = planned_changes(cli.root, cli.analysis.diagnostics)
    if changes:
        print_text("".join(change.diff for change in changes))


def _mend(cli: CLI) -> int:
    """Make every safe fix, analyse again, and return how many there were."""
    from pulpo_analysis.fixing.apply import planned_changes, write_change

    fixed = 0
    for change in planned_changes(cli.root, cli.analysis.diagnostics):
        try:
            written = write_change(cli.root, change)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise UserError(f"{change.path} cannot be written: {reason}") from error
        fixed += len(change.fixes) if written else 0
    if fixed:
        cli.forget()
    return fixed


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
