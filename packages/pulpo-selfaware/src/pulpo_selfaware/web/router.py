"""The router that a FastAPI application includes to be looked at."""

import inspect
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from pulpo_selfaware.routes import unobserved
from pulpo_selfaware.tracking import get_tracker
from pulpo_selfaware.web.access import is_local_request
from pulpo_selfaware.web.page import dashboard_page
from pulpo_selfaware.web.stream import event_stream

if TYPE_CHECKING:
    from pulpo_selfaware.tracking import EventTracker

__all__ = ["Authorize", "build_router"]

Authorize = Callable[[Request], bool | Awaitable[bool]]

_REFUSED = (
    "Only requests from this machine may look here. "
    "To open it, give the router a rule: selfaware_router(authorize=…)."
)


def build_router(
    authorize: Authorize | None, prefix: str, *, metrics: bool, tracker: "EventTracker | None"
) -> APIRouter:
    """Return the router that `selfaware_router` describes."""

    async def guard(request: Request) -> None:
        if authorize is None:
            if not is_local_request(request):
                raise HTTPException(403, _REFUSED)
            return
        allowed = authorize(request)
        if inspect.isawaitable(allowed):
            allowed = await allowed
        if not allowed:
            raise HTTPException(403, "You may not look here.")

    def watched() -> "EventTracker":
        return tracker or get_tracker()

    router = APIRouter(
        prefix=prefix, dependencies=[Depends(guard)], include_in_schema=False, tags=["selfaware"]
    )
    _add_data(router, watched)
    _add_page(router)
    if metrics:
        _add_metrics(router, watched)
    return router


def _add_data(router: APIRouter, watched: "Callable[[], EventTracker]") -> None:
    @router.get("/events")
    @unobserved
    async def events(
        limit: Annotated[int, Query(ge=0, le=10_000)] = 100,
        level: str | None = None,
        event_type: str | None = None,
        module: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        text: str | None = None,
        min_duration_ms: int | None = None,
    ) -> Response:
        try:
            found = await watched().get_events(
                limit=limit,
                level=level,
                event_type=event_type,
                module=module,
                since=since,
                until=until,
                text=text,
                min_duration_ms=min_duration_ms,
            )
        except ValueError as error:
            raise HTTPException(422, str(error)) from None
        return _json([event.to_dict() for event in found])

    @router.get("/stats")
    @unobserved
    async def stats() -> Response:
        tracker = watched()
        return _json(
            {
                "events": await tracker.get_stats(),
                "requests": tracker.requests.snapshot(),
                "exceptions": tracker.exceptions.snapshot(),
                "data_access": tracker.data_access.snapshot(),
            }
        )

    @router.get("/events/stream")
    @unobserved
    async def stream(level: str | None = None) -> Response:
        try:
            body = event_stream(watched(), level)
        except ValueError as error:
            raise HTTPException(422, str(error)) from None
        return StreamingResponse(
            body,
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )


def _add_page(router: APIRouter) -> None:
    page, policy = dashboard_page()

    @router.get("/dashboard")
    @unobserved
    async def dashboard() -> Response:
        return HTMLResponse(
            page, headers={"content-security-policy": policy, "cache-control": "no-cache"}
        )


def _add_metrics(router: APIRouter, watched: "Callable[[], EventTracker]") -> None:
    from pulpo_selfaware.sinks.prometheus import CONTENT_TYPE, TrackerCollector, prometheus_text

    TrackerCollector()  # an ImportError belongs here, not into the first scrape

    @router.get("/metrics")
    @unobserved
    async def metrics() -> Response:
        return Response(prometheus_text(watched()), media_type=CONTENT_TYPE)


class _Json(JSONResponse):
    def render(self, content: Any) -> bytes:
        import json

        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str)
        return text.encode("utf-8", "backslashreplace")


def _json(content: Any) -> Response:
    return _Json(content, headers={"cache-control": "no-store"})
