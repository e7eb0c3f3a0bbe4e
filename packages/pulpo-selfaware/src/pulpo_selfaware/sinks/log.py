"""Events as records of Python's logging."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulpo_selfaware.events import FrameworkEvent

__all__ = ["LoggingSink"]


class LoggingSink:
    """Logs each event to `<logger>.<module>` with the level of the same number.

    The record carries the event as the attribute `selfaware_event` (a dict), for structured
    formatters.
    """

    def __init__(self, logger: str = "pulpo_selfaware.events") -> None:
        self._logger = logging.getLogger(logger)

    def write(self, events: Sequence[FrameworkEvent]) -> None:
        """Log the events."""
        for event in events:
            logger = self._logger.getChild(event.module) if event.module else self._logger
            if not logger.isEnabledFor(event.level):
                continue
            took = "" if event.duration_ms is None else f" ({event.duration_ms} ms)"
            text = f"{event.event_type}: {event.message}{took}"
            logger.log(event.level, "%s", text, extra={"selfaware_event": event.to_dict()})

    def close(self) -> None:
        """Nothing is held."""
