"""What a run of a flow leaves behind: outputs, timings, events, or one error that says where."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pulpo_base.decorators import spec_of
from pulpo_base.specs import OperationSpec

__all__ = ["FlowError", "FlowRun", "FlowStatus", "StepEvent", "StepEventKind", "StepTiming"]


class FlowStatus(StrEnum):
    """How far a run has come."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StepEventKind(StrEnum):
    """What happened to a step; each ends in exactly one of the four before the last two."""

    STARTED = "started"
    RETRYING = "retrying"
    FINISHED = "finished"
    KEPT = "kept"
    """It did not run: its output was there from an earlier run that this one resumes."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    ACTING = "acting"
    """The step failed or was cancelled, but its thread goes on, which nothing can stop."""
    UNDONE = "undone"
    """The flow failed, and the operation that undoes the step was called; `error` is its own."""


@dataclass(frozen=True, slots=True)
class StepEvent:
    """One thing that happened to one step of a running flow.

    `at` is wall-clock time (UTC), `duration` the seconds since the step's first try began,
    `attempt` counts tries from 1, `error` is that of the try that failed and `input` what the
    operation was called with, by field; secrets in it are not masked.
    """

    kind: StepEventKind
    operation: str
    at: datetime
    duration: float
    attempt: int = 1
    error: BaseException | None = None
    input: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepTiming:
    """When a step ran, all its tries and the waits between them included.

    `started` and `finished` are seconds of `time.monotonic()`, comparable within one process;
    `started_at` and `finished_at` are the same moments as wall-clock time (UTC).
    """

    started: float
    finished: float
    started_at: datetime
    finished_at: datetime
    attempts: int = 1

    @property
    def duration(self) -> float:
        """Seconds from the first try to the end of the last."""
        return self.finished - self.started


@dataclass(slots=True)
class FlowRun:
    """One run of a flow: outputs and timings by operation name.

    Of a run that failed, `outputs` holds what the finished steps returned and `timings` every
    step that had started. `kept` are the steps that did not run because their outputs were kept.
    """

    flow: str
    started_at: datetime
    status: FlowStatus = FlowStatus.RUNNING
    finished_at: datetime | None = None
    outputs: dict[str, Any] = field(default_factory=dict)
    timings: dict[str, StepTiming] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)


class FlowError(Exception):
    """A step failed for good, and its flow with it; the operation's own error is `__cause__`.

    `attempts` counts the tries that were made, `place` is where the operation is defined
    (`path:line:column`, empty where that is unknown). `unretried` says why no other try was made,
    although the operation had some left. `run` holds what had been reached; it is
    `None` where another engine than the local one ran the flow. `input` is what the operation was
    called with, by field: mask it before it is shown.
    """

    def __init__(
        self,
        flow: str,
        operation: str,
        attempts: int,
        reason: str,
        place: str = "",
        unretried: str = "",
    ) -> None:
        """Build the one-line message."""
        self.flow = flow
        self.operation = operation
        self.attempts = attempts
        self.reason = reason
        self.place = place
        self.unretried = unretried
        self.run: FlowRun | None = None
        self.input: Mapping[str, Any] = {}
        tries = "" if attempts == 1 else f" after {attempts} tries"
        where = f" ({place})" if place else ""
        why = f"; {unretried}" if unretried else ""
        super().__init__(
            f"flow {flow!r}: operation {operation!r} failed{tries}: {reason}{why}{where}"
        )

    def __reduce__(self) -> tuple[type[FlowError], tuple[str, str, int, str, str, str]]:
        """Return how to rebuild the error in another process; the partial run stays behind."""
        told = (self.flow, self.operation, self.attempts, self.reason, self.place, self.unretried)
        return (type(self), told)

    @classmethod
    def of(
        cls,
        error: BaseException,
        *,
        flow: str,
        operation: str,
        attempts: int,
        function: Callable[..., Any] | None,
        unretried: str = "",
    ) -> FlowError:
        """Return the error of that flow, with `error` as its cause."""
        failure = cls(flow, operation, attempts, _one_line(error), _place(function), unretried)
        failure.__cause__ = error
        return failure


def _one_line(error: BaseException) -> str:
    from pydantic import ValidationError

    name = type(error).__name__
    if isinstance(error, ValidationError):
        # Pydantic's own text repeats the rejected values, which may be secrets.
        findings = error.errors(include_url=False, include_context=False, include_input=False)
        parts = (f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in findings)
        return f"{name} of {error.title}: {'; '.join(parts)}"
    text = next(iter(str(error).strip().splitlines()), "")
    return f"{name}: {text}" if text else name


def _place(function: Callable[..., Any] | None) -> str:
    spec = spec_of(function)
    if not isinstance(spec, OperationSpec):
        return ""
    path, root = spec.location.path, Path.cwd()
    if Path(path).is_relative_to(root):
        path = os.path.relpath(path, root)
    return f"{path}:{spec.location.line}:{spec.location.column}"
