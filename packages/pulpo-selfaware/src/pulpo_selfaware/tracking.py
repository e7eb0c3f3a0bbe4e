"""The tracker of this process, and how to capture into it from anywhere."""

from __future__ import annotations

from typing import Any, TypedDict, Unpack

from pulpo_selfaware.events import FrameworkEvent, FrameworkEventLevel, FrameworkEventType
from pulpo_selfaware.request_context import current_request
from pulpo_selfaware.tracker import EventTracker

__all__ = [
    "EventTracker",
    "ExceptionOptions",
    "capture_event",
    "capture_exception",
    "get_tracker",
    "record_event",
    "record_exception",
    "set_tracker",
]

_tracker = EventTracker()


def get_tracker() -> EventTracker:
    """Return the tracker of this process."""
    return _tracker


def set_tracker(tracker: EventTracker) -> EventTracker:
    """Make `tracker` the one of this process and return the one before."""
    global _tracker
    previous, _tracker = _tracker, tracker
    return previous


def record_event(
    level: FrameworkEventLevel,
    event_type: FrameworkEventType | str,
    module: str,
    message: str,
    *,
    duration_ms: int | None = None,
    error_details: dict[str, Any] | None = None,
    metadata: dict[str, Any] | None = None,
) -> FrameworkEvent:
    """Make an event of now and keep it in the process's tracker.

    Within a request its id is added to the metadata.
    """
    if (request := current_request.get()) is not None:
        metadata = {"request_id": request.request_id, **(metadata or {})}
    event = FrameworkEvent(
        level, event_type, module, message, None, duration_ms, error_details, metadata
    )
    _tracker.record(event)
    return event


async def capture_event(
    level: FrameworkEventLevel,
    event_type: FrameworkEventType | str,
    module: str,
    message: str,
    *,
    duration_ms: int | None = None,
    error_details: dict[str, Any] | None = None,
    metadata: dict[str, Any] | None = None,
) -> FrameworkEvent:
    """Make an event of now and keep it, as `record_event` does; for asynchronous code."""
    if (request := current_request.get()) is not None:
        metadata = {"request_id": request.request_id, **(metadata or {})}
    event = FrameworkEvent(
        level, event_type, module, message, None, duration_ms, error_details, metadata
    )
    _tracker.record(event)
    return event


class ExceptionOptions(TypedDict, total=False):
    """The options of `EventTracker.record_exception`, where they are described."""

    module: str
    message: str | None
    level: FrameworkEventLevel
    event_type: FrameworkEventType | str
    duration_ms: int | None
    metadata: dict[str, Any] | None
    with_message: bool


def record_exception(error: BaseException, **options: Unpack[ExceptionOptions]) -> FrameworkEvent:
    """Keep an event about `error`; the options are those of `EventTracker.record_exception`."""
    return _tracker.record_exception(error, **options)


async def capture_exception(
    error: BaseException, **options: Unpack[ExceptionOptions]
) -> FrameworkEvent:
    """Keep an event about `error`; the options are those of `EventTracker.record_exception`."""
    return _tracker.record_exception(error, **options)
