"""How many steps with a tag run at the same time on the local engine; Prefect counts its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Semaphore

__all__ = ["TagLimits"]


class TagLimits:
    """The limits of one process, kept to by all runs of an event loop together."""

    def __init__(self, limits: Mapping[str, int] | None = None) -> None:
        """`limits` are by tag; other tags have none."""
        self._limits = dict(limits or {})
        self._held: WeakKeyDictionary[AbstractEventLoop, dict[str, Semaphore]] = WeakKeyDictionary()

    @asynccontextmanager
    async def hold(self, tags: Iterable[str]) -> AsyncIterator[None]:
        """Run a block as a step with these tags, once there are few enough others."""
        # One after another in a fixed order: two steps never wait for each other.
        limited = sorted(self._limits.keys() & set(tags))
        async with AsyncExitStack() as stack:
            for tag in limited:
                await stack.enter_async_context(self._semaphore(tag))
            yield

    def _semaphore(self, tag: str) -> Semaphore:
        import asyncio

        held = self._held.setdefault(asyncio.get_running_loop(), {})
        return held.setdefault(tag, asyncio.Semaphore(self._limits[tag]))
