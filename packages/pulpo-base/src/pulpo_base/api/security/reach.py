"""Whether a request was made to this machine by this machine."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from pulpo_base.addresses import is_loopback

__all__ = ["stays_here"]


@lru_cache(maxsize=256)
def stays_here(server: str, host: str) -> bool:
    """Return whether a request came in over loopback and was meant to.

    `server` is the address that it came in at. A page that makes a browser believe that its own
    name is 127.0.0.1 (DNS rebinding) gives itself away by `host`, the Host header. What is no
    network address (a Unix socket, an application that is called in process) is no network.
    """
    try:
        ip_address(server)
    except ValueError:
        return True
    return is_loopback(server) and _names_loopback(host)


def _names_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    return name is None or is_loopback(name) or name.endswith(".localhost")
