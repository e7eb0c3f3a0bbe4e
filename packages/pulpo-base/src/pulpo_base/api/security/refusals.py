"""The answers of a gate that stays closed, as the exceptions that become problem documents."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from fastapi import HTTPException

__all__ = [
    "another_site",
    "forbidden",
    "misdirected",
    "not_reachable",
    "too_large",
    "too_many",
    "unauthenticated",
    "unavailable",
]

_REALM: Final = 'Bearer realm="api"'


def unauthenticated(detail: str, *, error: str = "") -> HTTPException:
    """Return the 401; `error` is RFC 6750's word for credentials that were given and are bad."""
    challenge = f'{_REALM}, error="{error}", error_description="{detail}"' if error else _REALM
    return HTTPException(
        401, {"code": "unauthenticated", "detail": detail}, {"WWW-Authenticate": challenge}
    )


def forbidden(required: Iterable[str]) -> HTTPException:
    """Return the 403 that names the permissions which this needs."""
    needed = " ".join(required)
    # A permission may be any text, a header only what RFC 6749, 3.3 has for scopes.
    spoken = "".join(char for char in needed if " " <= char <= "~" and char not in '"\\')
    return HTTPException(
        403,
        {"code": "forbidden", "detail": f"this needs the permission {needed}"},
        {"WWW-Authenticate": f'{_REALM}, error="insufficient_scope", scope="{spoken}"'},
    )


def not_reachable() -> HTTPException:
    """Return the 403 for a request from elsewhere to an API that asks nobody who they are."""
    detail = (
        "this API asks nobody who they are, so it answers this machine only; "
        "configure `api.auth`, or set `public_without_auth`"
    )
    return HTTPException(403, {"code": "loopback_only", "detail": detail})


def misdirected() -> HTTPException:
    """Return the 421 (RFC 9110, 15.5.20) for a name that the API does not go by."""
    detail = (
        "this API does not go by this name: list it in `api.allowed_hosts`; "
        "a proxy has to pass the Host header on"
    )
    return HTTPException(421, {"code": "host_not_allowed", "detail": detail})


def another_site() -> HTTPException:
    """Return the 403 for a change that a page of another origin asks for in somebody's browser."""
    detail = (
        "this API asks nobody who they are, so pages of other sites may change nothing; "
        "configure `api.auth`, or list the page's origin in `api.cors_origins`"
    )
    return HTTPException(403, {"code": "another_site", "detail": detail})


def too_large(limit: int) -> HTTPException:
    """Return the 413 for a body of more than `limit` bytes."""
    detail = f"a request may have {limit} bytes"
    return HTTPException(413, {"code": "content_too_large", "detail": detail})


def too_many(seconds: float) -> HTTPException:
    """Return the 429 that says after how many seconds the next request is taken."""
    wait = max(1, math.ceil(seconds))
    return HTTPException(
        429,
        {"code": "rate_limit_exceeded", "detail": f"too many requests; wait {wait} s"},
        {"Retry-After": str(wait)},
    )


def unavailable(detail: str) -> HTTPException:
    """Return the 503 for credentials that cannot be judged at the moment."""
    return HTTPException(503, {"code": "unavailable", "detail": detail}, {"Retry-After": "5"})
