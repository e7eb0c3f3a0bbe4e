"""Start and stop one process that outlives the command which started it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from pulpo_base.project.errors import ProjectError
from pulpo_base.project.supervisor.identity import ProcessIdentity, identity_of

__all__ = ["exit_status", "spawn", "stop"]

_POLL = 0.02
#: Children of this very command: they must be reaped, and only we learn their exit status.
_children: dict[int, subprocess.Popen[bytes]] = {}


def spawn(
    command: Sequence[str], *, directory: Path, environment: Mapping[str, str], log: Path
) -> ProcessIdentity:
    """Start `command` in a session of its own, its output appended to `log`.

    Raises `ProjectError` where the program cannot be started or ended at once.
    """
    with log.open("ab") as output:
        try:
            process = subprocess.Popen(  # noqa: S603 - commands come from the table of services
                list(command),
                cwd=directory,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise ProjectError(f"cannot start {command[0]}: {error.strerror}") from error
    _children[process.pid] = process
    return identity_of(process.pid) or ProcessIdentity(process.pid, "ended at once")


def exit_status(identity: ProcessIdentity) -> str:
    """Return how a process that this command started has ended, in words."""
    child = _children.get(identity.pid)
    status = child.poll() if child else None
    if status is None:
        return "ended"
    if status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"ended with exit status {status}"


def stop(identity: ProcessIdentity, *, grace: float = 15.0) -> None:
    """End the process and whatever it started in its session; return when it is gone.

    It has `grace` seconds to end in good order before it is killed. A process that has ended
    meanwhile, or another one with the same number, is left alone. Raises `ProjectError` where
    the process belongs to another user.
    """
    if not _is_running(identity):
        return
    try:
        os.kill(identity.pid, signal.SIGTERM)
        if not _gone_within(identity, grace):
            os.killpg(identity.pid, signal.SIGKILL)
            _gone_within(identity, grace)
    except ProcessLookupError:
        return
    except PermissionError as error:
        raise ProjectError(
            f"process {identity.pid} belongs to another user and cannot be stopped",
            hint="stop it as the user who started it",
        ) from error
    # What the process itself started stays in its group when it has gone.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(identity.pid, signal.SIGKILL)


def _is_running(identity: ProcessIdentity) -> bool:
    """Whether the process lives; of our own child the handle knows best."""
    child = _children.get(identity.pid)
    return identity.is_alive if child is None else child.poll() is None


def _gone_within(identity: ProcessIdentity, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while _is_running(identity):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    child = _children.pop(identity.pid, None)
    if child is not None:
        child.wait()
    return True
