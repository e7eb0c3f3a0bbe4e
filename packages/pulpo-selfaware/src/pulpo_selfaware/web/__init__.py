"""Looking at a running process: JSON, a live stream and a dashboard page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulpo_selfaware.extras import raise_missing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fastapi import APIRouter
    from starlette.requests import Request

    from pulpo_selfaware.tracking import EventTracker

__all__ = ["selfaware_router"]


def selfaware_router(
    authorize: Callable[[Request], bool | Awaitable[bool]] | None = None,
    *,
    prefix: str = "",
    metrics: bool = False,
    tracker: EventTracker | None = None,
) -> APIRouter:
    """Return a router with `/events`, `/stats`, `/events/stream` and `/dashboard`.

    authorize: called with each request, plain or asynchronous; a falsy answer refuses with 403,
        and it may raise an HTTPException of its own. Without it only requests from this machine
        are answered.
    prefix: put before every path, like APIRouter's.
    metrics: also give `/metrics` for Prometheus (extra "prometheus").
    tracker: what to look at; the process's tracker if None.

    Raises ImportError that names the extra if FastAPI (or, for `metrics`, prometheus-client) is
    not installed.
    """
    rule: object = authorize
    if rule is not None and not callable(rule):
        msg = f"authorize must be callable with a request, got {authorize!r}"
        raise TypeError(msg)
    try:
        from pulpo_selfaware.web.router import build_router
    except ImportError as error:
        raise_missing("selfaware_router", "fastapi", error)
    return build_router(authorize, prefix, metrics=metrics, tracker=tracker)
