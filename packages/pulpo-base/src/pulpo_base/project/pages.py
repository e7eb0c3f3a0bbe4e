"""Pages of services, shown to who asks for them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

__all__ = ["PrintOnly", "show_page"]

PrintOnly = Annotated[bool, typer.Option("--print", help="Print the address, and open no browser.")]


def show_page(url: str, *, print_only: bool) -> None:
    """Print the address of a page, and open it where this is a terminal and `print_only` is not."""
    import webbrowser

    from pulpo_base.project.output import flush, write_line

    write_line(url)
    flush()
    if not print_only and sys.stdout.isatty():
        webbrowser.open(url)
