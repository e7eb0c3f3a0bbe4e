"""Which process is meant: a number is used again, a number with a start time is not."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

__all__ = ["ProcessIdentity", "identity_of", "this_process"]

_PROC = Path("/proc")
#: Places in /proc/PID/stat, counted after the name in brackets (proc_pid_stat(5)).
_STATE, _START_TICKS = 0, 19


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """One process: its number, and when it started in the system's own notation."""

    pid: int
    started: str

    @property
    def is_alive(self) -> bool:
        """Whether this very process still runs (one that nobody has reaped does not)."""
        return _start_of(self.pid) == self.started


def identity_of(pid: int) -> ProcessIdentity | None:
    """Return who has that number now, `None` for nobody."""
    started = _start_of(pid)
    return None if started is None else ProcessIdentity(pid, started)


def this_process() -> ProcessIdentity:
    """Return the identity of the running command."""
    found = identity_of(os.getpid())
    if found is None:
        raise RuntimeError(f"process {os.getpid()} does not find itself")
    return found


def _start_of(pid: int) -> str | None:
    return _start_from_proc(pid) if sys.platform == "linux" else _start_from_ps(pid)


def _start_from_proc(pid: int) -> str | None:
    try:
        text = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(")")[2].split()
    if fields[_STATE] in {"Z", "X"}:
        return None
    return f"{_boot()}/{fields[_START_TICKS]}"


@lru_cache(maxsize=1)
def _boot() -> str:
    # Start times count from boot, so that they repeat after a restart of the machine.
    return (_PROC / "sys/kernel/random/boot_id").read_text().strip()


def _start_from_ps(pid: int) -> str | None:
    answer = subprocess.run(  # noqa: S603 - a number is its only argument
        ["ps", "-o", "stat=", "-o", "lstart=", "-p", str(pid)],  # noqa: S607 - where it is differs
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    state, _, started = answer.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()
