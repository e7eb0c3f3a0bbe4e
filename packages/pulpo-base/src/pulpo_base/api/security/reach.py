"""Whether a request was made to this machine by this machine, and under which name."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from pulpo_base.addresses import is_loopback

__all__ = ["FORWARDED", "is_allowed", "names_this_machine", "stays_here"]

#: Headers of a request whose peer is a proxy: somebody else made it, wherever the proxy is.
FORWARDED: Final = frozenset(
    (b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via", b"cf-connecting-ip")
)


@lru_cache(maxsize=256)
def stays_here(server: str, host: bytes, names: tuple[str, ...] = ()) -> bool:
    """Return whether a request came in over loopback and was meant to.

    `server` is the address that it came in at, `host` the Host header, which may have one of
    `names`, too. What is no network address (a Unix socket, an application that is called in
    process) is no network.
    """
    try:
        ip_address(server)
    except ValueError:
        return True
    return is_loopback(server) and (names_this_machine(host) or is_allowed(host, names))


@lru_cache(maxsize=256)
def names_this_machine(host: bytes) -> bool:
    """Return whether a Host header names only this machine.

    A page that makes a browser believe that its own name is 127.0.0.1 (DNS rebinding) gives
    itself away by it.
    """
    name = _name(host)
    return not name or is_loopback(name) or name.endswith(".localhost")


@lru_cache(maxsize=256)
def is_allowed(host: bytes, names: tuple[str, ...]) -> bool:
    """Return whether a Host header is one of these names, or below `*.example.org`, or `*`."""
    name = _name(host)
    return any(
        name.endswith(one.removeprefix("*")) if one.startswith("*") else name == one
        for one in names
    )


def _name(host: bytes) -> str:
    """Return the name without its port, `?` for what is none."""
    try:
        return urlsplit(f"//{host.decode('latin-1')}").hostname or ""
    except ValueError:
        return "?"
