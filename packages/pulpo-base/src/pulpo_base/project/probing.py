"""Addresses of local HTTP services, and whether they show a page."""

from __future__ import annotations

from http.client import HTTPException

from pulpo_base.health import SUCCESS, get

__all__ = ["http_url", "shows_page"]


def http_url(host: str, port: int) -> str:
    """Return an address that a browser on this machine can open."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - compared
    if ":" in reachable and not reachable.startswith("["):
        reachable = f"[{reachable}]"
    return f"http://{reachable}:{port}"


def shows_page(url: str, *, timeout: float = 2.0) -> bool:
    """Return whether a browser that opens `url` is shown a page."""
    try:
        status, kind = get(url, "text/html", timeout)
    except (OSError, HTTPException):
        return False
    return status in SUCCESS and kind.startswith("text/html")
