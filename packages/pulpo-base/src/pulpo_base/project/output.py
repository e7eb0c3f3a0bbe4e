"""Text and tables of the commands: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulpo_base.project.errors import ProjectError

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "console",
    "flush",
    "note",
    "short_path",
    "short_url",
    "show_error",
    "show_value",
    "stderr_console",
    "table",
    "write_json",
    "write_line",
]


#: What is broken over lines can be neither clicked nor copied, nor read at a glance.
_WHOLE = frozenset({"url", "id", "flow", "state", "began", "done", "engine"})


@lru_cache(maxsize=1)
def console() -> Console:
    """Return the console of results."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=True)


@lru_cache(maxsize=1)
def stderr_console() -> Console:
    """Return the console of progress, notes and errors."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def write_line(text: str) -> None:
    """Write one line for other programs: no markup, no colour, no wrapping."""
    sys.stdout.write(f"{text}\n")


def flush() -> None:
    """Hand on what was written so far, for commands that go on for long."""
    sys.stdout.flush()


def write_json(value: Any) -> None:
    """Write JSON for other programs, indented, keys in their own order."""
    write_line(json.dumps(value, indent=2, ensure_ascii=False))


def note(text: str) -> None:
    """Tell something beside the result."""
    stderr_console().print(text, markup=False)


def show_error(error: ProjectError) -> None:
    """Show the message in one line, its details, and what to do next."""
    from rich.text import Text

    out = stderr_console()
    out.print(Text.assemble(("error: ", "bold red"), error.message))
    for line in error.details:
        out.print(Text(f"  {line}"))
    if error.hint:
        out.print(Text.assemble(("hint: ", "bold cyan"), error.hint))


def log_in_lines() -> None:
    """Have what the runtime logs told a line each: commands show errors in their own way.

    Does nothing where the project has set up logging.
    """
    import logging

    class Line(logging.Formatter):
        def formatException(self, ei: object) -> str:  # noqa: N802  # logging's name
            del ei
            return ""

    root = logging.getLogger()
    if root.handlers:
        return
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    handler.setFormatter(Line("%(message)s"))
    root.addHandler(handler)


def short_path(path: str) -> str:
    """Return a path as it is seen from the working directory, unchanged from elsewhere."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path


def short_url(url: str) -> str:
    """Return a URL without its options, for a table."""
    return url.partition("?")[0].rstrip("/")


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "") -> None:
    """Show rows of text under column headings; a column without any text is left out."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    if title:  # not the table's own, which is broken where the table is narrower
        console().print(Text(title, style="table.title"))
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    used = [at for at, _ in enumerate(columns) if at == 0 or any(row[at] for row in rows)]
    for at in used:
        shown.add_column(columns[at], overflow="fold", no_wrap=at == 0 or columns[at] in _WHOLE)
    for row in rows:
        shown.add_row(*(Text(row[at]) for at in used))
    console().print(shown, soft_wrap=False)


def show_value(value: Any, *, title: str = "") -> None:
    """Show a JSON-like value: a mapping by field, a list of mappings as a table, others plainly."""
    if isinstance(value, Mapping) and value:
        table(("field", "value"), [(str(k), _cell(v)) for k, v in value.items()], title=title)
    elif isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        columns = list(dict.fromkeys(str(key) for item in value for key in item))
        rows = [[_cell(item[c]) if c in item else "" for c in columns] for item in value]
        table(columns, rows, title=title)
    else:
        if title:
            console().print(title, markup=False)
        console().print(_cell(value), markup=False)


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
