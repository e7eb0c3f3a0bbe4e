"""The steps of a running flow: a live table on a terminal, lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulpo_base.flows.run import StepEvent, StepEventKind
from pulpo_base.project.output import note, stderr_console

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from pulpo_base.flows.plan import FlowPlan

__all__ = ["flow_progress"]

_FRAMES_A_SECOND = 8
_ACTING = "goes on in its thread, which nothing can stop"
_MARKS = {
    StepEventKind.FINISHED: ("✓", "green"),
    StepEventKind.KEPT: ("=", "green"),
    StepEventKind.FAILED: ("✗", "red"),
    StepEventKind.CANCELLED: ("-", "yellow"),
    StepEventKind.ACTING: ("!", "yellow"),
    StepEventKind.UNDONE: ("↶", "yellow"),
}


@contextmanager
def flow_progress(plan: FlowPlan) -> Iterator[Callable[[StepEvent], None]]:
    """Yield a function that shows the events of a run's steps, on stderr."""
    out = stderr_console()
    if not out.is_terminal:
        yield _line
        return
    from rich.live import Live

    rows = {step.operation: _Row(_label(step.stage)) for step in plan.steps}

    def tell(event: StepEvent) -> None:
        row = rows[event.operation]
        if event.kind in {StepEventKind.UNDONE, StepEventKind.ACTING} and row.failed:
            return  # that it failed says more
        row.failed = event.kind is StepEventKind.FAILED
        row.began = time.monotonic() - event.duration
        row.event = event

    with Live(
        get_renderable=lambda: _table(plan.name, rows),
        console=out,
        refresh_per_second=_FRAMES_A_SECOND,
    ):
        yield tell


@dataclass(slots=True)
class _Row:
    """What is known of one step: its stage, the last event, and when it began."""

    stage: str
    event: StepEvent | None = None
    failed: bool = False
    began: float = 0.0


def _table(name: str, rows: dict[str, _Row]) -> Table:
    from rich.table import Table
    from rich.text import Text

    kinds = [row.event.kind for row in rows.values() if row.event is not None]
    done = sum(kind in {StepEventKind.FINISHED, StepEventKind.KEPT} for kind in kinds)
    running = sum(kind in {StepEventKind.STARTED, StepEventKind.RETRYING} for kind in kinds)
    failed = kinds.count(StepEventKind.FAILED)
    counts = f"{done} of {len(rows)} done, {running} running"
    if failed:
        counts += f", {failed} failed"
    shown = Table.grid(padding=(0, 2))
    shown.title = Text.assemble((name, "bold"), f": {counts}")
    shown.title_justify = "left"
    for width in (1, None):
        shown.add_column(width=width, no_wrap=True)
    if has_stages := any(row.stage for row in rows.values()):
        shown.add_column(no_wrap=True, style="cyan")
    shown.add_column(justify="right", no_wrap=True)
    shown.add_column(overflow="fold")
    for operation, row in list(rows.items()):
        style = "" if row.event else "dim"
        cells: list[RenderableType] = [_mark(row), Text(operation, style=style)]
        if has_stages:
            cells.append(row.stage)
        shown.add_row(*cells, _seconds(row), Text(_words(row)))
    return shown


def _mark(row: _Row) -> RenderableType:
    from rich.spinner import Spinner
    from rich.text import Text

    if row.event is None:
        return Text("·", style="dim")
    if row.event.kind in _MARKS:
        mark, style = _MARKS[row.event.kind]
        return Text(mark, style=style)
    return Spinner("dots", style="cyan")


def _seconds(row: _Row) -> str:
    if row.event is None or row.event.kind is StepEventKind.KEPT:
        return ""
    is_over = row.event.kind in _MARKS
    return f"{row.event.duration if is_over else time.monotonic() - row.began:.2f} s"


def _words(row: _Row) -> str:
    match row.event:
        case StepEvent(kind=StepEventKind.RETRYING, attempt=attempt, error=error):
            return f"try {attempt} failed: {type(error).__name__}"
        case StepEvent(kind=StepEventKind.FAILED, error=error):
            return type(error).__name__
        case StepEvent(kind=StepEventKind.KEPT):
            return "kept"
        case StepEvent(kind=StepEventKind.CANCELLED):
            return "cancelled"
        case StepEvent(kind=StepEventKind.ACTING):
            return _ACTING
        case StepEvent(kind=StepEventKind.UNDONE) as event:
            return _undone(event)
        case StepEvent(kind=StepEventKind.FINISHED, attempt=attempt) if attempt > 1:
            return f"{attempt} tries"
    return ""


def _line(event: StepEvent) -> None:
    match event.kind:
        case StepEventKind.STARTED:
            text = f"→ {event.operation}"
        case StepEventKind.FINISHED:
            text = f"✓ {event.operation} ({event.duration:.2f} s)"
        case StepEventKind.KEPT:
            text = f"= {event.operation}: kept"
        case StepEventKind.RETRYING:
            text = f"↻ {event.operation}: try {event.attempt} failed: {type(event.error).__name__}"
        case StepEventKind.FAILED:
            name = type(event.error).__name__
            text = f"✗ {event.operation} ({event.duration:.2f} s): {name}"
        case StepEventKind.CANCELLED:
            text = f"- {event.operation}: cancelled"
        case StepEventKind.ACTING:
            text = f"! {event.operation}: {_ACTING}"
        case StepEventKind.UNDONE:
            text = f"↶ {event.operation}: {_undone(event)}"
    note(text)


def _undone(event: StepEvent) -> str:
    failed = "" if event.error is None else f" ({type(event.error).__name__})"
    return f"could not be undone{failed}" if failed else "undone"


def _label(stage: int | str | None) -> str:
    return "" if stage is None else str(stage)
