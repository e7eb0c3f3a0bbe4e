"""`/health`: whether the process answers, and its database as well."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from pymongo.errors import PyMongoError
from starlette.requests import Request
from starlette.responses import JSONResponse

__all__ = ["health_router"]

_READY = "Whether the application and its database answer"
_AWAY: dict[int | str, dict[str, Any]] = {503: {"description": "The database does not answer"}}


def health_router(
    *, details: Mapping[str, Any] | None = None, path: str = "/health", timeout: float = 1.0
) -> APIRouter:
    """Return a router with health checks, for who restarts processes and who sends them requests.

    `/health/live` is 200 for as long as the process answers; a restart would not bring a database
    back. `/health/ready`, and `/health` itself, is 503 while the database does not answer. The
    database is `app.state.database`, set by the application's lifespan. It has `timeout` seconds
    to answer a ping. `details` (the project's name, say) are added to the answers.
    """
    router = APIRouter(tags=["health"])
    facts = dict(details or {})

    @router.get(
        f"{path}/live", operation_id="health_live", summary="Whether the application answers"
    )
    async def live() -> JSONResponse:
        return JSONResponse({"status": "ok", **facts})

    @router.get(f"{path}/ready", operation_id="health_ready", summary=_READY, responses=_AWAY)
    @router.get(path, operation_id="health", summary=_READY, responses=_AWAY)
    async def ready(request: Request) -> JSONResponse:
        problem = await _problem(request, timeout)
        if problem is None:
            return JSONResponse({"status": "ok", "database": "ok", **facts})
        return JSONResponse(
            {"status": "unavailable", "database": problem, **facts}, 503, {"Retry-After": "1"}
        )

    return router


async def _problem(request: Request, timeout: float) -> str | None:  # noqa: ASYNC109
    database = getattr(request.app.state, "database", None)
    if database is None:
        return "not connected"
    try:
        async with asyncio.timeout(timeout):
            await database.command("ping")
    except (TimeoutError, PyMongoError):
        return "no answer"
    return None
