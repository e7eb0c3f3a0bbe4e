"""An operation called in a process of a cluster: what Dask and Ray workers do for a flow.

Each such process has one event loop for operations, in a thread of its own, and one connection to
the database, which stays open: Beanie's documents know one loop, and workers call in threads.
"""

from __future__ import annotations

import asyncio
import pickle
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, AsyncExitStack
from typing import Any, Final

from pulpo_base.flows.interruption import too_slow
from pulpo_base.invocation import invoke
from pulpo_base.task_context import CURRENT_TASK, TaskContext

__all__ = ["Connect", "RemoteOperationError", "perform"]

Connect = Callable[[], AbstractAsyncContextManager[Any]]
"""Connects to the database for the running event loop."""


class RemoteOperationError(Exception):
    """Stands for an operation's error that cannot travel: pickle does not give it back."""


class _Home:
    """The event loop of this process's operations, and what is connected to it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._lock = asyncio.Lock()
        self._open: set[Connect] = set()
        self._stack = AsyncExitStack()  # closed by the end of the process
        threading.Thread(target=self.loop.run_forever, name="pulpo-operations", daemon=True).start()

    async def call(
        self,
        operation: Callable[..., Any],
        data: Any,
        task: TaskContext,
        timeout: float | None,  # noqa: ASYNC109 - it is the operation's own
        connect: Connect | None,
        around: Callable[[str], AbstractContextManager[Any]],
    ) -> Any:
        async with self._lock:
            if connect is not None and connect not in self._open:
                await self._stack.enter_async_context(connect())
                self._open.add(connect)
        CURRENT_TASK.set(task)
        try:
            async with asyncio.timeout(timeout) as scope:
                with around(task.operation):
                    return await invoke(operation, data)
        except TimeoutError as error:
            if timeout is None or not scope.expired():
                raise
            raise TimeoutError(too_slow(task.operation, timeout)) from error


_home: _Home | None = None
_making: Final = threading.Lock()


def perform(
    operation: Callable[..., Any],
    data: Any,
    task: TaskContext,
    timeout: float | None,
    connect: Connect | None,
    around: Callable[[str], AbstractContextManager[Any]],
) -> Any:
    """Call an operation as a task of a flow that runs elsewhere, and return its output.

    Raises `TimeoutError` after `timeout` seconds, and whatever the operation raises.
    """
    global _home  # noqa: PLW0603 - one a process
    with _making:
        home = _home = _home or _Home()
    call = home.call(operation, data, task, timeout, connect, around)
    future = asyncio.run_coroutine_threadsafe(call, home.loop)
    try:
        return future.result()
    except BaseException as error:  # noqa: BLE001 - whatever an operation raises
        raise _portable(error) from None


def _portable(error: BaseException) -> Exception:
    """Return the error, or what stands for it where another process could not have it."""
    try:
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    except Exception:  # noqa: BLE001 - whatever a class does when it is pickled
        again = None
    if isinstance(error, Exception) and type(again) is type(error):
        return error
    text = next(iter(str(error).splitlines()), "")
    return RemoteOperationError(f"{type(error).__name__}: {text}" if text else type(error).__name__)
