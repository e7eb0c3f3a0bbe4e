"""What the operations of the sample did, and the faults that a test gives them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field


@dataclass
class Journal:
    """Calls by operation, as `(started, finished)` of `time.monotonic()`; `None` while open."""

    calls: dict[str, list[tuple[float, float | None]]] = field(default_factory=dict)
    inputs: dict[str, object] = field(default_factory=dict)
    errors: dict[str, list[BaseException]] = field(default_factory=dict)
    delays: dict[str, float] = field(default_factory=dict)
    connections: list[str] = field(default_factory=list)

    def clear(self) -> None:
        for entries in (self.calls, self.inputs, self.errors, self.delays, self.connections):
            entries.clear()

    async def work(self, operation: str, seconds: float) -> None:
        started = self._begin(operation)
        await asyncio.sleep(self.delays.get(operation, seconds))
        self._end(operation, started)

    def work_in_thread(self, operation: str, seconds: float) -> None:
        started = self._begin(operation)
        time.sleep(self.delays.get(operation, seconds))
        self._end(operation, started)

    def _begin(self, operation: str) -> float:
        started = time.monotonic()
        self.calls.setdefault(operation, []).append((started, None))
        return started

    def _end(self, operation: str, started: float) -> None:
        if self.errors.get(operation):
            raise self.errors[operation].pop(0)
        self.calls[operation].remove((started, None))
        self.calls[operation].append((started, time.monotonic()))

    async def begun(self, operation: str) -> None:
        """Return once the operation has been called."""
        for _ in range(1000):
            if operation in self.calls:
                return
            await asyncio.sleep(0.01)
        raise TimeoutError(f"{operation} was not called within 10 s")

    def span(self, operation: str) -> tuple[float, float]:
        """Return start and end of the one call that finished."""
        (span,) = [(start, end) for start, end in self.calls[operation] if end is not None]
        return span

    def finished(self, operation: str) -> bool:
        return any(end is not None for _, end in self.calls.get(operation, []))


journal = Journal()
