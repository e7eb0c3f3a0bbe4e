"""Events as they happen, as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import TYPE_CHECKING

from pulpo_selfaware.events import FrameworkEventLevel

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from pulpo_selfaware.events import FrameworkEvent
    from pulpo_selfaware.tracking import EventTracker

__all__ = ["event_stream"]

_WAITING = 1000  # events kept for a client that reads slowly; older ones are skipped
_TICK = 0.25
_HEARTBEAT = 15.0  # proxies close a connection that is silent for longer


def event_stream(tracker: EventTracker, level: str | None = None) -> AsyncGenerator[str]:
    """Return the text of a never-ending event stream of later events, at least of `level`.

    Raises ValueError for an unknown level. A client that reads too slowly gets a comment that
    says how many events it missed.
    """
    least = FrameworkEventLevel.DEBUG if level is None else FrameworkEventLevel.parse(level)
    return _stream(tracker, least)


async def _stream(tracker: EventTracker, least: FrameworkEventLevel) -> AsyncGenerator[str]:
    # Captures happen in any thread and must not wait for ours: they append, we look every tick.
    waiting: deque[FrameworkEvent] = deque(maxlen=_WAITING)
    offered = 0

    def offer(event: FrameworkEvent) -> None:
        nonlocal offered
        if event.level >= least:
            waiting.append(event)
            offered += 1

    unsubscribe = tracker.subscribe(offer)
    try:
        yield "retry: 2000\n: connected\n\n"
        silent = 0.0
        sent = 0
        while True:
            batch = []
            while waiting:
                batch.append(waiting.popleft())
            if offered - sent > len(batch):
                yield f": skipped {offered - sent - len(batch)} events\n\n"
            sent = offered
            if batch:
                yield "".join(_frame(event) for event in batch)
                silent = 0.0
            elif silent >= _HEARTBEAT:
                yield ": still here\n\n"
                silent = 0.0
            await asyncio.sleep(_TICK)
            silent += _TICK
    finally:
        unsubscribe()


def _frame(event: FrameworkEvent) -> str:
    data = json.dumps(event.to_dict(), separators=(",", ":"), default=str)
    return f"data: {data}\n\n"
