"""A bar for what takes longer than a blink; nothing is drawn, or imported, before."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pulpo_cli.output import err, is_styled

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["announce", "compile_progress"]

#: Seconds that pass before there is something to see.
_BLINK: Final = 0.4


class _Bar:
    """A bar that comes into being when there is reason to."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._progress: Progress | None = None

    def hear(self, done: int, total: int) -> None:
        late = time.monotonic() - self._started > _BLINK
        if self._progress is None and late and is_styled(sys.stderr) and err().is_terminal:
            self._progress = _progress()
            self._progress.start()
            self._progress.add_task("generating", total=total)
        if self._progress is not None:
            self._progress.update(self._progress.task_ids[0], completed=done, total=total)

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()


@contextmanager
def compile_progress() -> Iterator[Callable[[int, int], None]]:
    """Yield what hears of rendered files; the bar goes away at the end, and needs a terminal."""
    bar = _Bar()
    try:
        yield bar.hear
    finally:
        bar.stop()


def _progress() -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=err(), transient=True)


def announce(text: str) -> None:
    """Say on standard error what is about to take long."""
    from rich.markup import escape

    err().print(f"{escape(text)} …")
