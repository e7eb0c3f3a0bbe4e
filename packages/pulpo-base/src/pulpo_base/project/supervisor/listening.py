"""Whether a service is well: it listens where it should, and it does its work.

An answer alone proves nothing. While two projects start at once, both may have chosen the same
port, and the one that loses would be taken for healthy because the other answers.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from pulpo_base.project.service import Service
from pulpo_base.project.state import ServiceRecord

__all__ = ["listens", "trouble_with"]

_PROC = Path("/proc")
#: Columns of /proc/net/tcp and the state of a listening socket there (proc_pid_net(5)).
_LOCAL, _SOCKET_STATE, _INODE, _LISTENING = 1, 3, 9, "0A"
#: The session in /proc/PID/stat, counted after the name in brackets.
_SESSION = 3


def trouble_with(service: Service, record: ServiceRecord) -> str:
    """Return what keeps a recorded service from doing its work, empty for nothing."""
    if not record.is_alive:
        return f"its process {record.process.pid} is gone"
    if listens(record.process.pid, record.port) is False:
        return f"it does not listen on port {record.port}"
    return service.health(record.url)


def listens(session: int, port: int) -> bool | None:
    """Return whether a process of that session listens on a TCP port, `None` if unknowable."""
    if sys.platform != "linux":
        return None
    wanted = _listening_sockets(port)
    if not wanted:
        return False
    for folder in _PROC.glob("[0-9]*"):
        # Processes come and go while we look, and others' files are not ours to read.
        with suppress(OSError):
            stat = (folder / "stat").read_text(errors="replace")
            if int(stat.rpartition(")")[2].split()[_SESSION]) != session:
                continue
            if any(str(handle.readlink()) in wanted for handle in (folder / "fd").iterdir()):
                return True
    return False


def _listening_sockets(port: int) -> set[str]:
    found: set[str] = set()
    for name in ("tcp", "tcp6"):
        table = _PROC / "net" / name
        for line in table.read_text().splitlines()[1:] if table.exists() else ():
            fields = line.split()
            is_there = int(fields[_LOCAL].rpartition(":")[2], 16) == port
            if is_there and fields[_SOCKET_STATE] == _LISTENING:
                found.add(f"socket:[{fields[_INODE]}]")
    return found
