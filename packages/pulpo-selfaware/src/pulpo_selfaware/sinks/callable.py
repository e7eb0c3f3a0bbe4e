"""Events to a user's function, asynchronous or not."""

from __future__ import annotations

import asyncio
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pulpo_selfaware.events import FrameworkEvent

__all__ = ["CallableSink"]


class CallableSink:
    """Calls `function(events)` with each batch and awaits what it returns, if it is awaitable.

    The function runs in the sink's thread. An asynchronous one runs in an event loop of that
    thread; give `loop` if it uses objects that belong to another, running loop. A call that takes
    more than `timeout` seconds is cancelled and counts as a failure.
    """

    def __init__(
        self,
        function: Callable[[Sequence[FrameworkEvent]], Awaitable[Any] | None],
        *,
        loop: asyncio.AbstractEventLoop | None = None,
        timeout: float = 30.0,
    ) -> None:
        self._function = function
        self._loop = loop
        self._timeout = timeout
        self._runner: asyncio.Runner | None = None

    def write(self, events: Sequence[FrameworkEvent]) -> None:
        """Call the function with the events."""
        if self._loop is not None:
            future = asyncio.run_coroutine_threadsafe(self._call(events), self._loop)
            try:
                future.result(self._timeout)
            except FutureTimeoutError:
                future.cancel()
                raise
            return
        result = self._function(events)
        if result is not None:
            self._runner = self._runner or asyncio.Runner()
            self._runner.run(self._finish(result))

    def close(self) -> None:
        """End the sink's event loop."""
        if self._runner is not None:
            self._runner.close()

    async def _call(self, events: Sequence[FrameworkEvent]) -> None:
        result = self._function(events)
        if result is not None:
            await result

    async def _finish(self, result: Awaitable[Any]) -> None:
        async with asyncio.timeout(self._timeout):
            await result
