"""Ports of this machine: which are free, and which one to take instead."""

from __future__ import annotations

import errno
import socket

__all__ = ["choose_port", "is_free"]

#: How many ports after the wanted one are tried before the system chooses.
_NEIGHBOURS = 50
_LAST_PORT = 65_535
_ADDRESS_ERRORS = frozenset({errno.EADDRNOTAVAIL, socket.EAI_NONAME})


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen on that address now.

    Raises `OSError` where the host itself is no address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do: connections of a server that has just ended are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            return False
        except OSError as error:
            if error.errno in _ADDRESS_ERRORS:
                raise
            return False
    return True


def choose_port(host: str, wanted: int, *, taken: frozenset[int] = frozenset()) -> int:
    """Return `wanted` if it is free, else a free port near it, else any free port.

    `taken` are ports that are promised to others, although nobody listens there yet.
    """
    for port in range(wanted, min(wanted + _NEIGHBOURS, _LAST_PORT) + 1):
        if port not in taken and is_free(host, port):
            return port
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
