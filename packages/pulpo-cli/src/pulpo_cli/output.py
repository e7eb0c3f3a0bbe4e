"""Everything that the command prints: tables, JSON, findings. Rich is imported when it is used."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from pulpo_analysis import Diagnostic

__all__ = [
    "fail",
    "is_styled",
    "note",
    "out",
    "print_diagnostics",
    "print_done",
    "print_facts",
    "print_json",
    "print_styled",
    "print_table",
    "print_text",
]

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


def print_done(text: str) -> None:
    """Print a line that says what was done, behind a tick."""
    if is_styled(sys.stdout):
        from rich.markup import escape

        note(f"[green]✓[/] {escape(text)}")
    else:
        print_text(f"✓ {text}")


def print_styled(line: Text) -> None:
    """Print a line with styles; to another program it stays one line, without them."""
    out().print(line, soft_wrap=not out().is_terminal)


def fail(message: str, hint: str = "") -> None:
    """Print a mistake and its remedy on standard error."""
    from rich.markup import escape

    err().print(f"[bold red]error:[/] {escape(message)}", soft_wrap=True)
    if hint:
        err().print(f"[dim]hint:[/] {escape(hint)}", soft_wrap=True)


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], empty: str
) -> None:
    """Print rows of plain text as a table, or `empty` where there is none.

    What goes to another program has a line per row, however long, and no frame.
    """
    if not is_styled(sys.stdout):
        print_text(_plain_table(title, columns, list(rows), empty))
        return
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(columns):
        # The first column names things: a name broken over two lines cannot be copied.
        table.add_column(column, overflow="fold", no_wrap=index == 0)
    count = 0
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
        count += 1
    out().print(table if count else f"[dim]{escape(empty)}[/]")


def is_styled(stream: TextIO) -> bool:
    """Return whether styles are for somebody's eyes; another program gets plain lines."""
    return stream.isatty() or bool(os.environ.get("FORCE_COLOR"))


def _plain_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], empty: str
) -> str:
    if not rows:
        return empty
    lines = [columns, *([cell.replace("\n", "; ") for cell in row] for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(columns))]
    cells = (zip(line, widths, strict=True) for line in lines)
    texts = ["  ".join(cell.ljust(width) for cell, width in line).rstrip() for line in cells]
    return "\n".join([title, *texts])


def print_facts(title: str, facts: Mapping[str, object]) -> None:
    """Print what is known of one thing, a fact a line; empty values are left out."""
    from rich.markup import escape
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for key, value in facts.items():
        if str(value):
            table.add_row(f"[dim]{escape(key)}[/]", escape(str(value)))
    out().print(f"[bold]{escape(title)}[/]")
    out().print(table)
    out().print()


def print_diagnostics(diagnostics: Sequence[Diagnostic], root: Path) -> None:
    """Print findings with their source frames and a summary, on standard error."""
    from pulpo_analysis.diagnostics.text import SourceLines, diagnostic_text, summary

    sources = SourceLines(root)
    if not is_styled(sys.stderr):
        texts = [diagnostic_text(found, sources) for found in diagnostics]
        sys.stderr.write("\n\n".join([*texts, summary(diagnostics)]) + "\n")
        return
    from rich.text import Text

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
