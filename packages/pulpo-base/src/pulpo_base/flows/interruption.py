"""Timeouts and cancellation, told apart and told alike by both engines."""

from __future__ import annotations

import asyncio

__all__ = ["is_cancelled", "too_slow"]


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
