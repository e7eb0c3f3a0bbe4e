"""Counting and timing requests by route, exactly and without a lock on the way of a request."""

from __future__ import annotations

from collections import Counter, deque
from threading import RLock, get_ident
from time import perf_counter, time
from typing import TYPE_CHECKING, Any, Protocol

from pulpo_selfaware.histogram import BUCKET_COUNT, bucket_of, quantile

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["OTHER_ROUTES", "RequestStatistics", "RouteCounters"]

OTHER_ROUTES = "(other routes)"
_SLOT_SECONDS = 5
_CLIENT_ERROR, _SERVER_ERROR = 400, 500
_SLOTS = 120  # ten minutes of history
_NOTED = 64  # answered requests that wait to be counted together


class InFlight(Protocol):
    """A request that is being answered."""

    started: float

    def route(self) -> tuple[str, str] | None:
        """Return method and route label as far as known, None for an unobserved endpoint."""
        ...


class RouteCounters:
    """The numbers of one method and route, of the requests of one thread."""

    __slots__ = (
        "aborted",
        "buckets",
        "client_errors",
        "exceptions",
        "max_seconds",
        "messages",
        "method",
        "response_bytes",
        "route",
        "server_errors",
        "slow",
        "total_seconds",
    )

    def __init__(self, method: str, route: str) -> None:
        self.method = method
        self.route = route
        self.client_errors = self.server_errors = self.exceptions = 0
        self.aborted = self.slow = self.response_bytes = 0
        self.total_seconds = self.max_seconds = 0.0
        self.buckets = [0] * BUCKET_COUNT
        self.messages: dict[int, str] = {}  # texts of events: one for all equal ones

    @property
    def count(self) -> int:
        """How many requests were answered: each is in one bucket."""
        return sum(self.buckets)

    def add(self, other: RouteCounters) -> None:
        """Add the numbers of `other`, for reading several threads as one."""
        for name in _SUMMED:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.max_seconds = max(self.max_seconds, other.max_seconds)
        self.buckets = [a + b for a, b in zip(self.buckets, other.buckets, strict=True)]

    def summary(self) -> dict[str, Any]:
        """Return the numbers as plain values, times in milliseconds."""
        count = self.count
        return {
            "method": self.method,
            "route": self.route,
            "count": count,
            "errors": self.client_errors + self.server_errors,
            "client_errors": self.client_errors,
            "server_errors": self.server_errors,
            "exceptions": self.exceptions,
            "aborted": self.aborted,
            "slow": self.slow,
            "response_bytes": self.response_bytes,
            "mean_ms": _ms(self.total_seconds / count) if count else 0.0,
            "max_ms": _ms(self.max_seconds),
            **_quantiles(enumerate(self.buckets), count, self.max_seconds),
        }


_SUMMED = (
    "client_errors",
    "server_errors",
    "exceptions",
    "aborted",
    "slow",
    "response_bytes",
    "total_seconds",
)


class _Slot:
    """A few seconds of all routes together, for charts over time.

    From `start`, in seconds since the epoch, until `end`, in those of `perf_counter`: requests are
    timed by that clock, and so no other is read for each.
    """

    __slots__ = ("buckets", "client_errors", "end", "server_errors", "start")

    def __init__(self, start: int, end: float = 0.0) -> None:
        self.start = start
        self.end = end
        self.client_errors = self.server_errors = 0
        self.buckets: dict[int, int] = {}


class Shard:
    """What one thread counted.

    That thread only notes each answered request; they are counted many at a time, which takes a
    fraction of the time: between two requests the application fills the processor's caches, within
    the loop of `settle` nothing does. `settle` runs when enough are noted and before every reading,
    under a lock that a request never waits for.
    """

    __slots__ = ("_noted", "_settling", "_slot", "active", "by_label", "by_source", "slots")

    def __init__(self) -> None:
        self.active: set[InFlight] = set()
        self.by_label: dict[tuple[str, str], RouteCounters] = {}
        # The way from a route object to its counters, so that a label is made once. The object is
        # kept in the value: while it lives, its id belongs to nobody else.
        self.by_source: dict[tuple[int, str], tuple[object, RouteCounters]] = {}
        self.slots: deque[_Slot] = deque(maxlen=_SLOTS)
        self._slot = _Slot(0)
        self._noted: list[tuple[RouteCounters, int, float, float, int]] = []
        self._settling = RLock()  # re-entrant for the sake of a signal handler that reads

    def note(
        self, counters: RouteCounters, status: int, seconds: float, end: float, size: int
    ) -> None:
        """Note a request that took `seconds` until `end` (by `perf_counter`), of `size` bytes."""
        noted = self._noted
        noted.append((counters, status, seconds, end, size))
        if len(noted) >= _NOTED and self._settling.acquire(blocking=False):
            try:
                self._count_noted()
            finally:
                self._settling.release()

    def settle(self) -> None:
        """Count what is noted; for readers, in any thread."""
        with self._settling:
            self._count_noted()

    def _count_noted(self) -> None:
        noted = self._noted[:]
        del self._noted[: len(noted)]  # what is noted meanwhile comes after
        slot = self._slot
        for counters, status, seconds, end, size in noted:
            bucket = bucket_of(seconds)
            counters.response_bytes += size
            counters.total_seconds += seconds
            if seconds > counters.max_seconds:  # noqa: PLR1730 - half the time of max()
                counters.max_seconds = seconds
            counters.buckets[bucket] += 1
            if end >= slot.end:
                slot = self._next_slot(end)
            slot.buckets[bucket] = slot.buckets.get(bucket, 0) + 1
            if status >= _SERVER_ERROR:
                counters.server_errors += 1
                slot.server_errors += 1
            elif status >= _CLIENT_ERROR:
                counters.client_errors += 1
                slot.client_errors += 1

    def _next_slot(self, end: float) -> _Slot:
        now, clock = time(), perf_counter()
        start = int(now - (clock - end)) // _SLOT_SECONDS * _SLOT_SECONDS
        self._slot = slot = _Slot(start, clock + start + _SLOT_SECONDS - now)
        self.slots.append(slot)
        return slot


class RequestStatistics:
    """Request numbers per method and route.

    At most `max_routes` different (method, route) pairs are told apart; the rest is counted under
    `OTHER_ROUTES`, so that no client can make the memory grow.
    """

    def __init__(self, max_routes: int = 500) -> None:
        if max_routes < 1:
            msg = f"max_routes must be at least 1, got {max_routes}"
            raise ValueError(msg)
        self._max_routes = max_routes
        self._shards: dict[int, Shard] = {}
        self._labels: set[tuple[str, str]] = set()
        self._started = time()

    def shard(self) -> Shard:
        """Return the part that the calling thread writes."""
        thread = get_ident()
        shard = self._shards.get(thread)
        if shard is None:
            shard = self._shards[thread] = Shard()
        return shard

    def counters(self, shard: Shard, method: str, route: str) -> RouteCounters:
        """Return the counters of a label in `shard`, those of `OTHER_ROUTES` beyond the cap."""
        label = (method, route)
        if label not in shard.by_label and not self._admit(label):
            label = (method, OTHER_ROUTES)
        found = shard.by_label.get(label)
        if found is None:
            found = shard.by_label[label] = RouteCounters(*label)
        return found

    def snapshot(self) -> dict[str, Any]:
        """Return all numbers as plain values: totals, routes, history, in flight."""
        routes = {(one.method, one.route): one for one in self.by_route()}
        waiting = self.in_flight_by_route()
        total = RouteCounters("*", "*")
        rows = []
        for label in sorted({*routes, *waiting}):
            counters = routes.get(label) or RouteCounters(*label)
            total.add(counters)
            rows.append({**counters.summary(), "in_flight": waiting[label]})
        rows.sort(key=lambda row: -row["count"])
        return {
            "since": self._started,
            "now": time(),
            "total": {**total.summary(), "in_flight": waiting.total()},
            "routes": rows,
            "history": self.history(),
        }

    def in_flight(self) -> list[InFlight]:
        """Return the requests that are being answered now, the longest waiting first."""
        found: list[InFlight] = []
        for shard in list(self._shards.values()):
            found.extend(shard.active.copy())
        return sorted(found, key=lambda request: request.started)

    def in_flight_by_route(self) -> Counter[tuple[str, str]]:
        """Return how many requests are being answered per label, without unobserved endpoints."""
        labels = (request.route() for request in self.in_flight())
        return Counter(label for label in labels if label is not None)

    def by_route(self) -> list[RouteCounters]:
        """Return the counters per label, added up over all threads."""
        routes: dict[tuple[str, str], RouteCounters] = {}
        for shard in list(self._shards.values()):
            shard.settle()
            for label, counters in list(shard.by_label.items()):
                routes.setdefault(label, RouteCounters(*label)).add(counters)
        return [routes[label] for label in sorted(routes)]

    def history(self) -> list[dict[str, Any]]:
        """Return the last minutes in slots of equal length, the oldest first.

        Slots without requests are left out. `time` is in seconds since the epoch.
        """
        slots: dict[int, _Slot] = {}
        for shard in list(self._shards.values()):
            shard.settle()
            for part in list(shard.slots):
                slot = slots.setdefault(part.start, _Slot(part.start))
                slot.client_errors += part.client_errors
                slot.server_errors += part.server_errors
                for bucket, count in list(part.buckets.items()):
                    slot.buckets[bucket] = slot.buckets.get(bucket, 0) + count
        return [
            {
                "time": slot.start,
                "seconds": _SLOT_SECONDS,
                "count": sum(slot.buckets.values()),
                "client_errors": slot.client_errors,
                "server_errors": slot.server_errors,
                **_quantiles(sorted(slot.buckets.items()), sum(slot.buckets.values())),
            }
            for _, slot in sorted(slots.items())[-_SLOTS:]
        ]

    def _admit(self, label: tuple[str, str]) -> bool:
        if label in self._labels:
            return True
        if len(self._labels) >= self._max_routes:
            return False
        # Without a lock, since a request waits for nobody: threads that come here together may
        # each add one, and then see that there are too many.
        self._labels.add(label)
        if len(self._labels) > self._max_routes:
            self._labels.discard(label)
            return False
        return True


def _quantiles(
    buckets: Iterable[tuple[int, int]], total: int, most: float = float("inf")
) -> dict[str, float]:
    filled = [(index, count) for index, count in buckets if count]
    return {
        f"p{percent}_ms": _ms(min(quantile(filled, total, percent / 100), most))
        for percent in (50, 95, 99)
    }


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
