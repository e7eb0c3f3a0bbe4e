"""Signals that end a command, where an interruption would leave a process behind."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

__all__ = ["deferred_interrupts", "exit_on_termination", "run_in_terminal"]

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


def run_in_terminal(
    command: Sequence[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> int:
    """Run a program in this terminal and return its exit code, 128 + number where a signal was it.

    Ctrl-C is the program's: the terminal sends it there too, and `subprocess.run` would kill the
    program a quarter of a second later, whatever that is cleaning up. What else ends this process
    ends the program first.
    """
    import subprocess

    process = subprocess.Popen(command, cwd=folder, env=environment)  # noqa: S603 - of our callers
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            continue
        except BaseException:
            process.terminate()
            process.wait()
            raise
        return code if code >= 0 else 128 - code
