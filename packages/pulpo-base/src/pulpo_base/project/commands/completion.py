"""`completion`: what makes a shell complete commands and names."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("completion", rich_help_panel="Application")(completion)


def completion(
    shell: Annotated[Literal["bash", "zsh", "fish"], typer.Argument(help="Your shell.")],
) -> None:
    """Print what makes a shell complete commands, operations, flows and services.

    bash: `./main completion bash >> ~/.bashrc`; zsh: `./main completion zsh >> ~/.zshrc`, below
    `compinit`; fish: `./main completion fish > ~/.config/fish/conf.d/main.fish`. Once is enough:
    it completes the `./main` of whatever project you are in.
    """
    from pulpo_base.project.completing import completion_script
    from pulpo_base.project.output import write_line

    write_line(completion_script(shell))
