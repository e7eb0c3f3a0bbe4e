"""`doctor`: what is missing here, and how to get it."""

from __future__ import annotations

import typer

from pulpo_cli.errors import MISTAKE
from pulpo_cli.options import AsJson
from pulpo_cli.project import project_of

__all__ = ["register"]

_STYLES = {"ok": "green", "note": "yellow", "problem": "bold red"}
_MARKS = {"ok": "✓", "note": "·", "problem": "✗"}


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(rich_help_panel="Help")(doctor)


def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Check Python, packages, programs, ports, disk and configuration; exit 1 for a problem."""
    from rich.text import Text

    from pulpo_cli.doctor.check import State
    from pulpo_cli.doctor.machine import machine_checks
    from pulpo_cli.doctor.project import project_checks
    from pulpo_cli.output import print_json, print_styled

    cli = project_of(context)
    checks = [*machine_checks(cli.root), *project_checks(cli)]
    if as_json:
        print_json(
            [
                {"name": one.name, "state": one.state, "found": one.found, "remedy": one.remedy}
                for one in checks
            ]
        )
    else:
        width = max(len(one.name) for one in checks)
        for one in checks:
            mark = (_MARKS[one.state], _STYLES[one.state])
            print_styled(Text.assemble(mark, f" {one.name:<{width}}  ", one.found))
            if one.remedy:
                print_styled(Text.assemble(" " * (width + 4), ("→ ", "dim"), (one.remedy, "bold")))
    if any(one.state is State.PROBLEM for one in checks):
        raise typer.Exit(MISTAKE)
