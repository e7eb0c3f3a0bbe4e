"""`compile_lock`: one writer of a generated tree at a time; the system frees it on a crash."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pulpo_codegen.layout import LOCK, STATE

__all__ = ["LockBusyError", "compile_lock"]

_POLL_SECONDS: Final = 0.05

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        # A byte far beyond the text, for Windows locks forbid reading as well.
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class LockBusyError(RuntimeError):
    """Another process holds the lock; `holder` says which, as far as is known."""

    def __init__(self, holder: str) -> None:
        """Keep who holds it."""
        self.holder = holder
        super().__init__(f"{holder} holds the lock")


@contextmanager
def compile_lock(project: Path, *, timeout: float) -> Iterator[None]:
    """Hold the lock of a project's generated tree, waiting for it up to `timeout` seconds.

    Raises `LockBusyError` after that and `OSError` where the lock file cannot be made.
    """
    folder = project / STATE
    folder.mkdir(exist_ok=True)
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + timeout
        while not _try_lock(descriptor):
            if time.monotonic() >= deadline:
                raise LockBusyError(_holder(descriptor))
            time.sleep(_POLL_SECONDS)
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, b"%d\n" % os.getpid())
        yield
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    text = os.read(descriptor, 32).decode("ascii", "replace").strip()
    return f"process {text}" if text.isdigit() else "another process"
