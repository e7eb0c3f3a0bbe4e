"""Which addresses only this machine reaches, and which nobody on the way can change."""

from __future__ import annotations

from urllib.parse import urlsplit

__all__ = ["is_loopback", "is_trustworthy"]


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches an address or name."""
    if host == "localhost":
        return True
    from ipaddress import IPv6Address, ip_address

    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def is_trustworthy(url: str) -> bool:
    """Return whether nobody on the way can change what is at a URL: https, or this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    )
