"""What happens to services, shown while it happens: live on a terminal, as lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulpo_base.project.output import stderr_console
from pulpo_base.project.supervisor.startup import Tell

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["service_progress"]

_FRAMES_A_SECOND = 8


@contextmanager
def service_progress(*, quiet: bool = False) -> Iterator[Tell]:
    """Yield a function that shows what happens to which service.

    With `quiet`, for commands that are not about services, nothing stays on the terminal and
    nothing is written elsewhere.
    """
    out = stderr_console()
    if not out.is_terminal:
        yield _ignore if quiet else _line
        return
    from rich.live import Live

    rows: dict[str, _Row] = {}

    def tell(service: str, what: str, *, done: bool = False) -> None:
        row = rows.setdefault(service, _Row(time.monotonic()))
        row.what = what
        row.ended = time.monotonic() if done else None

    with Live(
        get_renderable=lambda: _table(rows),
        console=out,
        transient=quiet,
        refresh_per_second=_FRAMES_A_SECOND,
    ):
        yield tell


@dataclass(slots=True)
class _Row:
    """What is known of one service: since when, what was told last, when that was the last."""

    began: float
    what: str = ""
    ended: float | None = None


def _table(rows: dict[str, _Row]) -> Table:
    from rich.spinner import Spinner
    from rich.table import Table
    from rich.text import Text

    shown = Table.grid(padding=(0, 2))
    shown.add_column(width=1)
    shown.add_column(no_wrap=True)
    shown.add_column(overflow="fold")
    shown.add_column(justify="right")
    now = time.monotonic()
    for name, row in list(rows.items()):
        is_done = row.ended is not None
        mark = Text("✓", style="green") if is_done else Spinner("dots", style="cyan")
        seconds = (row.ended if row.ended is not None else now) - row.began
        shown.add_row(mark, Text(name, style="bold"), Text(row.what), f"{seconds:.1f} s")
    return shown


def _line(service: str, what: str, *, done: bool = False) -> None:  # noqa: ARG001 - live only
    stderr_console().print(f"{service}: {what}", markup=False)


def _ignore(service: str, what: str, *, done: bool = False) -> None:
    """Show nothing."""
