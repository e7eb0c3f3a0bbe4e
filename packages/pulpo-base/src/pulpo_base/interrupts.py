"""Signals that end a command, held back where an interruption would leave a process behind."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["deferred_interrupts", "exit_on_termination"]

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def deferred_interrupts() -> Iterator[None]:
    """Hold Ctrl-C and termination back until the block is done, then let them happen.

    Outside the main thread, where Python delivers no signals, the block just runs.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pending: list[int] = []

    def remember(number: int, _frame: FrameType | None) -> None:
        pending.append(number)

    previous = {number: signal.signal(number, remember) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        if pending:
            signal.raise_signal(pending[0])


def exit_on_termination() -> None:
    """Let SIGTERM and SIGHUP end the command through its clean-up, with exit code 128 + number."""

    def leave(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        # An ignored signal stays ignored: that is what `nohup ./main …` asks for.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, leave)
