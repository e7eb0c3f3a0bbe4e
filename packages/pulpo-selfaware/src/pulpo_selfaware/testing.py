"""For tests: a tracker of one's own, in place of the process's."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pulpo_selfaware.tracking import EventTracker, set_tracker

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["scoped_tracker"]


@contextmanager
def scoped_tracker(max_events: int = 10_000, *, max_routes: int = 500) -> Generator[EventTracker]:
    """Make a fresh tracker the process's for the length of a `with` block.

    Threads that already run see it, too: two scopes of one process must not overlap in time,
    except nested.
    """
    tracker = EventTracker(max_events, max_routes=max_routes)
    previous = set_tracker(tracker)
    try:
        yield tracker
    finally:
        set_tracker(previous)
        tracker.close()
