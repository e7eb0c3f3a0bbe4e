"""A sink that keeps what it gets; for tests and for looking."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulpo_selfaware.events import FrameworkEvent

__all__ = ["MemorySink"]


class MemorySink:
    """Keeps the last `max_events` events in `events`, the oldest first."""

    def __init__(self, max_events: int = 1000) -> None:
        self.events: deque[FrameworkEvent] = deque(maxlen=max_events)
        self.closed = False

    def write(self, events: Sequence[FrameworkEvent]) -> None:
        """Keep the events."""
        self.events.extend(events)

    def close(self) -> None:
        """Note that the sink was closed."""
        self.closed = True
