"""Synchronous operations in threads, which nothing can stop: who has to know sees when they end."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

__all__ = ["THREAD_CALLS", "ThreadCalls", "in_thread"]

#: So many synchronous operations run at the same time in one process.
_MOST_THREADS: Final = 64


class ThreadCalls:
    """The calls in threads that one task made, its own and those of what it called."""

    def __init__(self) -> None:
        """No call was made yet."""
        self._calls: list[tuple[Callable[..., Any], Future[Any]]] = []

    def add(self, operation: Callable[..., Any], call: Future[Any]) -> None:
        """Take note of a call of an operation."""
        self._calls.append((operation, call))

    def clear(self) -> None:
        """Forget the calls noted: what comes now is another try."""
        self._calls.clear()

    @property
    def is_acting(self) -> bool:
        """Whether one of the calls goes on."""
        return any(not call.done() for _, call in self._calls)

    async def over(self, patience: float) -> bool:
        """Wait until all calls have ended, `patience` seconds at most; return whether they have."""
        if not self.is_acting:
            return True
        import asyncio

        waiting = [asyncio.wrap_future(call) for _, call in self._calls if not call.done()]
        try:
            await asyncio.wait(waiting, timeout=patience)
        finally:
            for one in waiting:
                # Cancelling reaches no thread that runs. How the others ended is their task's.
                if not one.cancel() and not one.cancelled():
                    one.exception()
        return not self.is_acting

    def returned(self, operation: Callable[..., Any]) -> list[Any]:
        """Return what the calls of an operation returned that came to a good end."""
        return [
            call.result()
            for called, call in self._calls
            if called is operation
            and call.done()
            and not call.cancelled()
            and call.exception() is None
        ]


#: Where the calls of the current task are noted, for those who must not act beside them.
THREAD_CALLS: ContextVar[ThreadCalls | None] = ContextVar("pulpo_thread_calls", default=None)


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    """Return the threads of synchronous operations, which are made when they are needed.

    Not asyncio's own: there are few of them on a small machine (cores plus four), and steps of a
    flow that wait for other services would wait for each other.
    """
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(_MOST_THREADS, "pulpo-operation")


async def in_thread(operation: Callable[..., Any], call: Callable[[], Any]) -> Any:
    """Make a call of an operation in a thread, with the context of whoever awaits it.

    Cancelled, it no longer waits; a thread that runs goes on.
    """
    # Imported here: asyncio costs more than everything else in `import pulpo_base` together,
    # and whoever awaits this has it already.
    import asyncio
    import contextvars

    future = _threads().submit(contextvars.copy_context().run, call)
    calls = THREAD_CALLS.get()
    if calls is not None:
        calls.add(operation, future)
    return await asyncio.wrap_future(future)
