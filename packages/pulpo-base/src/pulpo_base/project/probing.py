"""Addresses of local HTTP services, and whether they answer."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

__all__ = ["http_url", "probe_http", "shows_page"]

_SUCCESS = range(200, 300)


def http_url(host: str, port: int) -> str:
    """Return an address that a browser on this machine can open."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - compared
    if ":" in reachable and not reachable.startswith("["):
        reachable = f"[{reachable}]"
    return f"http://{reachable}:{port}"


def probe_http(url: str, *, timeout: float = 2.0) -> str:
    """Return why `url` does not answer with success within `timeout` seconds, empty if it does."""
    try:
        status, _ = _get(url, "*/*", timeout)
    except TimeoutError:
        return f"no answer within {timeout:g} s from {url}"
    except (OSError, HTTPException) as error:
        return f"no answer from {url} ({error})"
    return "" if status in _SUCCESS else f"{url} answers {status}"


def shows_page(url: str, *, timeout: float = 2.0) -> bool:
    """Return whether a browser that opens `url` is shown a page."""
    try:
        status, kind = _get(url, "text/html", timeout)
    except (OSError, HTTPException):
        return False
    return status in _SUCCESS and kind.startswith("text/html")


def _get(url: str, accept: str, timeout: float) -> tuple[int, str]:
    """Return the status and the content type of the answer."""
    parts = urlsplit(url)
    # The standard library's client: no proxy from the environment, no TLS to set up, and asked
    # many times a second while a service starts.
    with closing(HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)) as connection:
        connection.request("GET", parts.path or "/", headers={"Accept": accept})
        answer = connection.getresponse()
        return answer.status, answer.headers.get("content-type", "")
