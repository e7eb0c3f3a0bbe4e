"""`demo`: an example, from its source to a running application, verified on the way."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pulpo_cli.errors import MISTAKE

__all__ = ["register"]


class Example(StrEnum):
    """The examples that the demo can show."""

    SHOP = "shop"
    TODO = "todo"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(rich_help_panel="Start")(demo)


def demo(
    example: Annotated[Example, typer.Argument(help="Which example to show.")] = Example.SHOP,
    leave: Annotated[
        bool, typer.Option("--exit", help="Stop after the tour instead of serving.")
    ] = False,
    into: Annotated[
        Path | None,
        typer.Option(help="Keep the project in this new folder; default: a temporary one."),
    ] = None,
) -> None:
    """Turn an example into a running application on a real MongoDB, and use it."""
    from pulpo_cli.tour.guide import Guide

    if not Guide(example.value, into).run(serve=not leave):
        raise typer.Exit(MISTAKE)
