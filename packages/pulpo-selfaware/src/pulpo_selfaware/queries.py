"""Questions to a list of events: filters and counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from pulpo_selfaware.events import FrameworkEvent, FrameworkEventLevel, FrameworkEventType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

__all__ = ["EventFilter", "EventStats", "count_events"]


class EventStats(TypedDict):
    """What `EventTracker.get_stats` answers.

    `total` events are in memory. `captured` and `dropped` count since the tracker was made:
    dropped events were pushed out by newer ones.
    """

    total: int
    captured: int
    dropped: int
    capacity: int
    by_level: dict[str, int]
    by_module: dict[str, int]
    by_type: dict[str, int]
    oldest: str | None
    newest: str | None
    sinks: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events are wanted; every given condition must hold.

    `level` means "at least"; `since` is included, `until` excluded, both aware; `text` is found in
    the message whatever its case; each item of `metadata` must be equal in the event's.
    """

    level: FrameworkEventLevel | str | None = None
    event_type: FrameworkEventType | str | None = None
    module: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None
    metadata: Mapping[str, Any] | None = None
    min_duration_ms: int | None = None

    def __post_init__(self) -> None:
        if self.level is not None:
            object.__setattr__(self, "level", FrameworkEventLevel.parse(self.level))
        if self.text is not None:
            object.__setattr__(self, "text", self.text.casefold())
        for name in ("since", "until"):
            bound = getattr(self, name)
            if bound is not None and bound.tzinfo is None:
                msg = f"{name}={bound.isoformat()} has no time zone; use datetime.now(UTC)"
                raise ValueError(msg)

    def accepts(self, event: FrameworkEvent) -> bool:
        """Say whether `event` meets every condition."""
        return (
            (self.level is None or event.level >= self.level)  # type: ignore[operator]
            and (self.event_type is None or event.event_type == self.event_type)
            and (self.module is None or event.module == self.module)
            and (self.min_duration_ms is None or self._is_slow(event, self.min_duration_ms))
            and self._is_in_time(event)
            and (self.text is None or self.text in event.message.casefold())
            and (self.metadata is None or _contains(event.metadata, self.metadata))
        )

    def _is_in_time(self, event: FrameworkEvent) -> bool:
        return (self.since is None or event.timestamp >= self.since) and (
            self.until is None or event.timestamp < self.until
        )

    @staticmethod
    def _is_slow(event: FrameworkEvent, threshold: int) -> bool:
        return event.duration_ms is not None and event.duration_ms >= threshold


def _contains(metadata: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(name in metadata and metadata[name] == value for name, value in wanted.items())


def count_events(
    events: Iterable[FrameworkEvent],
) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Count events by level, module and type; the most frequent first."""
    levels: Counter[str] = Counter()
    modules: Counter[str] = Counter()
    types: Counter[str] = Counter()
    for event in events:
        levels[event.level.name] += 1
        modules[event.module] += 1
        types[str(event.event_type)] += 1
    return dict(levels.most_common()), dict(modules.most_common()), dict(types.most_common())
