"""`completion`: what makes a shell complete commands and names."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from pulpo_cli.output import print_text

__all__ = ["VARIABLE", "Shell", "register"]

#: By which the shell asks the command what could come next.
VARIABLE = "_PULPO_COMPLETE"


class Shell(StrEnum):
    """The shells that a script can be had for."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(rich_help_panel="Help")(completion)


def completion(shell: Annotated[Shell, typer.Argument(help="Your shell.")]) -> None:
    """Print what makes a shell complete commands, models, operations and flows.

    bash: `eval "$(pulpo completion bash)"` in ~/.bashrc; zsh: the same in ~/.zshrc; fish:
    `pulpo completion fish > ~/.config/fish/completions/pulpo.fish`.
    """
    # Typer offers it as options of the whole command only, which would be on every help page.
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    print_text(get_completion_script(prog_name="pulpo", complete_var=VARIABLE, shell=shell.value))
