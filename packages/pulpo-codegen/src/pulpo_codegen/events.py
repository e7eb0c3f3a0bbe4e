"""What a compile tells of itself: an event a target with its duration, kept in a file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_codegen.layout import EVENTS, STATE
from pulpo_codegen.write.plan import WritePlan

if TYPE_CHECKING:
    from pulpo_selfaware.events import FrameworkEvent

__all__ = ["SLOW_MS", "EventWriter", "TargetLog", "append_events"]

EventWriter: TypeAlias = "Callable[[Sequence[FrameworkEvent]], None]"

#: A target that takes longer, in milliseconds, is slow.
SLOW_MS: Final = 1000
_MODULE: Final = "codegen"


class TargetLog:
    """Measures what each target takes, and makes the events of a compile of it."""

    def __init__(self, targets: Sequence[str]) -> None:
        """Start the clock of the whole."""
        self._spent = dict.fromkeys(targets, 0)
        self._began: dict[str, datetime] = {}
        self._start = datetime.now(UTC)
        self._clock = time.perf_counter_ns()

    @contextmanager
    def timed(self, target: str) -> Iterator[None]:
        """Count the time of a block for a target."""
        self._began.setdefault(target, datetime.now(UTC))
        before = time.perf_counter_ns()
        try:
            yield
        finally:
            spent = time.perf_counter_ns() - before
            self._spent[target] = self._spent.get(target, 0) + spent

    def events(self, plan: WritePlan, errors: Sequence[Diagnostic]) -> list[FrameworkEvent]:
        """Return what happened: the start of each target and its end, then those of the whole.

        With errors nothing is complete: what was begun ends with one error event.
        """
        from pulpo_selfaware.events import FrameworkEvent, FrameworkEventLevel, FrameworkEventType

        kind, level = FrameworkEventType, FrameworkEventLevel
        made: list[FrameworkEvent] = []

        def add(
            type_: FrameworkEventType, severity: FrameworkEventLevel, text: str, **more: Any
        ) -> None:
            made.append(FrameworkEvent(severity, type_, _MODULE, text, **more))

        add(kind.CODEGEN_START, level.INFO, "compile begins", timestamp=self._start)
        for target, began in self._began.items():
            about = {"target": target}
            add(kind.CODEGEN_START, level.INFO, f"{target} begins", timestamp=began, metadata=about)
        if errors:
            add(
                kind.CODEGEN_ERROR,
                level.ERROR,
                f"nothing was generated: {errors[0].code}: {errors[0].message}",
                duration_ms=_milliseconds(time.perf_counter_ns() - self._clock),
                error_details={"codes": sorted({found.code for found in errors})},
            )
            return made
        for target in self._began:
            spent, facts = _milliseconds(self._spent[target]), _counted(plan, target)
            metadata: dict[str, object] = {"target": target, **facts}
            text = f"{target}: {facts['files']} files, {facts['written']} written"
            add(kind.CODEGEN_COMPLETE, level.INFO, text, duration_ms=spent, metadata=metadata)
            if spent > SLOW_MS:
                text = f"{target} took {spent} ms, longer than {SLOW_MS}"
                add(kind.CODEGEN_SLOW, level.WARN, text, duration_ms=spent, metadata=metadata)
        whole = _milliseconds(time.perf_counter_ns() - self._clock)
        add(
            kind.CODEGEN_COMPLETE,
            level.INFO,
            "compile is complete",
            duration_ms=whole,
            metadata=_counted(plan, None),
        )
        return made


def _milliseconds(nanoseconds: int) -> int:
    return round(nanoseconds / 1_000_000)


def _counted(plan: WritePlan, target: str | None) -> dict[str, int]:
    """Return how many files of a target, `None` all, there are and how many were touched."""
    lists = {"created": plan.create, "updated": plan.update, "deleted": plan.delete}
    counts = {
        name: sum(target is None or action.target == target for action in actions)
        for name, actions in lists.items()
    }
    kept = sum(target is None or action.target == target for action in plan.keep)
    written = counts["created"] + counts["updated"]
    return {"files": kept + written, "written": written, **counts}


def append_events(root: Path) -> EventWriter:
    """Return what appends events to the project's `.pulpo/events.jsonl`.

    A disk that refuses is no reason to fail: the files were generated all the same.
    """

    def write(events: Sequence[FrameworkEvent]) -> None:
        from pulpo_selfaware.sinks.jsonlines import JsonLinesSink

        sink = JsonLinesSink(root / STATE / EVENTS)
        with suppress(OSError):
            sink.write(events)
        sink.close()

    return write
