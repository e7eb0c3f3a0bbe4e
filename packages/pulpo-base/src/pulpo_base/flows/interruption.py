"""Timeouts and cancellation, told apart and told alike by both engines."""

from __future__ import annotations

import asyncio
from typing import Final

__all__ = ["THREAD_PATIENCE", "StillActingError", "goes_on", "is_cancelled", "too_slow"]

#: Seconds that an engine waits for the thread of a try that is over, before it acts itself.
THREAD_PATIENCE: Final = 30.0


class StillActingError(TimeoutError):
    """A synchronous operation goes on in its thread, which nothing can stop.

    Whatever is done now, a try or an undoing, would be done beside it.
    """


def is_cancelled() -> bool:
    """Return whether somebody asked the current task to end.

    A `CancelledError` without such a request was raised by the operation itself, and is a
    failure like any other.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def too_slow(operation: str, seconds: float) -> str:
    """Return the message of a try that ran out of time."""
    return f"operation {operation!r} did not finish within {seconds:g} s"


def goes_on(operation: str) -> str:
    """Return why neither a try nor an undoing is made: the thread of a synchronous operation."""
    return f"operation {operation!r} goes on in its thread, which nothing can stop"
