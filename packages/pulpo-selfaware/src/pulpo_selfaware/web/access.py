"""Who may look: by default only somebody on this machine."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

__all__ = ["is_local", "is_local_request"]

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via", "cf-connecting-ip")


def is_local_request(request: Request) -> bool:
    """Say whether a request was made on this machine: the rule of a router without `authorize`."""
    return is_local(request.client.host if request.client else None, request.headers)


def is_local(client_host: str | None, headers: Mapping[str, str]) -> bool:
    """Say whether a request was made on this machine, by its peer's address.

    A forwarded request was not, though its last hop was; and a page that made the browser believe
    that its own name is 127.0.0.1 (DNS rebinding) gives itself away by the Host header.
    """
    if client_host is None or any(name in headers for name in _FORWARDED):
        return False
    return _is_loopback(client_host) and _names_loopback(headers.get("host", ""))


def _names_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or _is_loopback(name)


def _is_loopback(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
