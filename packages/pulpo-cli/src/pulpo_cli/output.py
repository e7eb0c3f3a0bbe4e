"""Everything that the command prints: tables, JSON, findings. Rich is imported when it is used."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from pulpo_analysis import Diagnostic

__all__ = ["fail", "note", "out", "print_diagnostics", "print_json", "print_table", "print_text"]

_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}


@cache
def out() -> Console:
    """Return the console of standard output."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


@cache
def err() -> Console:
    """Return the console of standard error."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def print_json(value: Any) -> None:
    """Print a value as JSON for other programs: no colours, no wrapping."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def print_text(text: str) -> None:
    """Print text as it is, brackets included."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def note(text: str) -> None:
    """Print a line of progress or success, with Rich markup."""
    out().print(text)


def fail(message: str, hint: str = "") -> None:
    """Print a mistake and its remedy on standard error."""
    from rich.markup import escape

    err().print(f"[bold red]error:[/] {escape(message)}", soft_wrap=True)
    if hint:
        err().print(f"[dim]hint:[/] {escape(hint)}", soft_wrap=True)


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], empty: str
) -> None:
    """Print rows of plain text as a table, or `empty` where there is none."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    count = 0
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
        count += 1
    out().print(table if count else f"[dim]{escape(empty)}[/]")


def print_diagnostics(diagnostics: Sequence[Diagnostic], root: Path) -> None:
    """Print findings with their source frames and a summary, on standard error."""
    from rich.text import Text

    from pulpo_analysis.diagnostics.text import SourceLines, diagnostic_text, summary

    sources = SourceLines(root)
    for found in diagnostics:
        headline, *rest = diagnostic_text(found, sources).splitlines()
        text = Text(headline, style=_STYLES[found.severity.value])
        err().print(text, soft_wrap=True)
        for line in rest:
            err().print(
                Text(line, style="dim" if line.startswith("   hint") else ""), soft_wrap=True
            )
        err().print()
    err().print(Text(summary(diagnostics), style="bold"))
