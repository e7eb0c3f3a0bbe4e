"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from pulpo_cli.completing import names
from pulpo_cli.errors import MISTAKE
from pulpo_cli.interface import CLI
from pulpo_cli.listings import mistakes

__all__ = ["AsJson", "Selection", "exit_on_errors"]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]

Selection = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SELECTION]...",
        help="Names, `flow.*`, tag:x, category:x, model:X, changed:REF, +x, x+; default: all.",
        show_default=False,
        autocompletion=names,
    ),
]


def exit_on_errors(cli: CLI) -> None:
    """End with exit code 1 where the project has errors: what was shown is not all there is."""
    if mistakes(cli, cli.analysis.errors):
        raise typer.Exit(MISTAKE)
