"""Which collections each operation really read and wrote."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from threading import Lock
from typing import Literal

__all__ = ["OUTSIDE_OPERATIONS", "CollectionAccess", "DataAccess"]

OUTSIDE_OPERATIONS = "(no operation)"
_OTHER = "(other)"

AccessKind = Literal["read", "write"]


@dataclass(slots=True)
class CollectionAccess:
    """How one operation used one collection; times in milliseconds, per command."""

    reads: int = 0
    writes: int = 0
    errors: int = 0
    total_ms: float = 0.0
    max_ms: float = 0.0


class DataAccess:
    """Counts accesses by operation and collection, in bounded memory."""

    def __init__(self, max_entries: int = 5000) -> None:
        self._max_entries = max_entries
        self._found: dict[tuple[str, str], CollectionAccess] = {}
        self._lock = Lock()

    def add(
        self, operation: str | None, collection: str, kind: AccessKind, ms: float, *, failed: bool
    ) -> None:
        """Count one command."""
        key = (operation or OUTSIDE_OPERATIONS, collection)
        with self._lock:
            if key not in self._found and len(self._found) >= self._max_entries:
                key = (_OTHER, _OTHER)
            access = self._found.setdefault(key, CollectionAccess())
            if kind == "read":
                access.reads += 1
            else:
                access.writes += 1
            access.errors += failed
            access.total_ms += ms
            access.max_ms = max(access.max_ms, ms)

    def snapshot(self) -> dict[str, dict[str, dict[str, float]]]:
        """Return {operation: {collection: numbers}} as plain values, sorted by name."""
        with self._lock:
            found = [(key, asdict(access)) for key, access in self._found.items()]
        result: dict[str, dict[str, dict[str, float]]] = {}
        for (operation, collection), numbers in sorted(found, key=lambda item: item[0]):
            result.setdefault(operation, {})[collection] = {
                name: round(value, 3) for name, value in numbers.items()
            }
        return result

    def observed(self) -> dict[str, tuple[set[str], set[str]]]:
        """Return {operation: (collections read, collections written)}."""
        result: dict[str, tuple[set[str], set[str]]] = {}
        with self._lock:
            for (operation, collection), access in self._found.items():
                reads, writes = result.setdefault(operation, (set(), set()))
                if access.reads:
                    reads.add(collection)
                if access.writes:
                    writes.add(collection)
        return result

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._found.clear()
