"""The thread between a tracker and a sink."""

from __future__ import annotations

import atexit
import logging
import os
import weakref
from collections import deque
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pulpo_selfaware.events import FrameworkEvent

__all__ = ["Sink", "SinkWorker"]

_log = logging.getLogger("pulpo_selfaware.sinks")
_LARGEST_BATCH = 1000


class Sink(Protocol):
    """Takes events away: to a file, a log, a service."""

    def write(self, events: Sequence[FrameworkEvent]) -> None:
        """Take a batch, the oldest first. May block and may raise: the batch is then dropped."""
        ...

    def close(self) -> None:
        """Let go of what is held; nothing is written afterwards."""
        ...


class SinkWorker:
    """Hands events to one sink from a daemon thread.

    `put` never waits and never raises. When `max_queue` events are waiting, further ones are
    dropped and counted. The first failure of the sink is logged, every failure counted.
    """

    def __init__(self, sink: Sink, *, max_queue: int, flush_seconds: float) -> None:
        given: object = sink
        if not (hasattr(given, "write") and hasattr(given, "close")):
            msg = (
                f"{type(sink).__name__} is no sink: it needs write(events) and close(); "
                "for a plain function use CallableSink(function)"
            )
            raise TypeError(msg)
        if max_queue < 1:
            msg = f"max_queue must be at least 1, got {max_queue}"
            raise ValueError(msg)
        self._sink = sink
        self._max_queue = max_queue
        self._flush_seconds = flush_seconds
        self._queue: deque[FrameworkEvent] = deque()
        self._dropped = self._written = self._failures = 0
        self._last_failure: str | None = None
        self._on_close: list[Callable[[], None]] = []
        self._reset_threads()
        _workers.add(self)

    def put(self, event: FrameworkEvent) -> None:
        """Queue `event`, or drop it if the queue is full or the worker closed."""
        if self._closing or len(self._queue) >= self._max_queue:
            with self._drop_lock:
                self._dropped += 1
            return
        self._queue.append(event)
        if self._idle:
            self._wake_up()

    def flush(self, timeout: float = 5.0) -> bool:
        """Wait until everything queued so far has reached the sink; False after `timeout`."""
        deadline = monotonic() + timeout
        while self._queue or self._busy:
            self._wake_up()
            self._hurry.set()
            if monotonic() >= deadline:
                return False
            self._round.wait(min(0.01, timeout))
        return True

    def close(self, timeout: float = 2.0) -> bool:
        """Flush, close the sink and end the thread; False if that took longer than `timeout`."""
        done = self.flush(timeout)
        self._closing = True
        thread = self._thread
        if thread is None:
            self._close_sink()
        else:
            self._hurry.set()
            self._wake.set()
            thread.join(0.2 if done else 0)
        for callback in self._on_close:
            callback()
        self._on_close.clear()
        _workers.discard(self)
        return done

    def on_close(self, callback: Callable[[], None]) -> None:
        """Call `callback` once when the worker is closed."""
        self._on_close.append(callback)

    def status(self) -> dict[str, Any]:
        """Return how the sink is doing, as plain values."""
        return {
            "sink": type(self._sink).__name__,
            "queued": len(self._queue),
            "written": self._written,
            "dropped": self._dropped,
            "failures": self._failures,
            "last_failure": self._last_failure,
        }

    def _reset_threads(self) -> None:
        """Start without a thread, at first and in a forked child (threads do not fork)."""
        self._lock = Lock()
        self._drop_lock = Lock()  # held for one addition
        self._wake = Event()
        self._hurry = Event()
        self._round = Event()
        self._thread: Thread | None = None
        self._idle = True
        self._busy = False
        self._closing = False

    def _wake_up(self) -> None:
        # Taken once per batch, and by the worker never while it writes. A capture that finds it
        # taken goes on: whoever holds it is waking the thread.
        if not self._lock.acquire(blocking=False):
            return
        try:
            self._idle = False
            if self._thread is None and not self._closing:
                name = f"pulpo-selfaware-{type(self._sink).__name__}"
                self._thread = Thread(target=self._run, name=name, daemon=True)
                self._thread.start()
            self._wake.set()
        except RuntimeError:  # the interpreter is going down and starts no threads any more
            self._idle = True
        finally:
            self._lock.release()

    def _run(self) -> None:
        while not self._closing:
            self._write_queued()
            self._idle = True
            if not self._queue:
                self._wake.wait()
            self._wake.clear()
            self._idle = False
            # Wait for more, so that a busy program does not switch threads for every event.
            self._hurry.wait(self._flush_seconds)
            self._hurry.clear()
        self._write_queued()
        self._close_sink()

    def _write_queued(self) -> None:
        self._busy = True
        try:
            while self._queue:
                size = min(len(self._queue), _LARGEST_BATCH)
                batch = [self._queue.popleft() for _ in range(size)]
                self._write(batch)
        finally:
            self._busy = False
            self._round.set()
            self._round.clear()

    def _write(self, batch: list[FrameworkEvent]) -> None:
        try:
            self._sink.write(batch)
        except Exception as error:  # noqa: BLE001 - a sink is a stranger's code
            with self._drop_lock:
                self._dropped += len(batch)
            self._failed(error)
        else:
            self._written += len(batch)

    def _close_sink(self) -> None:
        try:
            self._sink.close()
        except Exception as error:  # noqa: BLE001 - as above
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        self._last_failure = f"{type(error).__name__}: {error}"
        if self._failures == 1:
            _log.error(
                "sink %s failed (%s); its events are dropped until it works again, "
                "further failures are only counted",
                type(self._sink).__name__,
                self._last_failure,
            )


_workers: weakref.WeakSet[SinkWorker] = weakref.WeakSet()


def _after_fork() -> None:
    for worker in list(_workers):
        worker._queue.clear()
        worker._reset_threads()


def _at_exit() -> None:
    deadline = monotonic() + 2.0
    for worker in list(_workers):
        worker.close(max(0.0, deadline - monotonic()))


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):  # absent on Windows, which does not fork
    os.register_at_fork(after_in_child=_after_fork)
