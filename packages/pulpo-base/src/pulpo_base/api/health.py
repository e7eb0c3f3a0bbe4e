"""`GET /health`: whether the process answers and its database as well."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from pymongo.errors import PyMongoError
from starlette.requests import Request
from starlette.responses import JSONResponse

__all__ = ["health_router"]


def health_router(
    *, details: Mapping[str, Any] | None = None, path: str = "/health", timeout: float = 1.0
) -> APIRouter:
    """Return a router with a health check: 200, or 503 where the database does not answer.

    The database is `app.state.database`, set by the application's lifespan. It has `timeout`
    seconds to answer a ping. `details` (the project's name, say) are added to the answer.
    """
    router = APIRouter(tags=["health"])
    facts = dict(details or {})

    @router.get(
        path,
        operation_id="health",
        summary="Whether the application and its database answer",
        responses={503: {"description": "The database does not answer"}},
    )
    async def health(request: Request) -> JSONResponse:
        problem = await _problem(request, timeout)
        if problem is None:
            return JSONResponse({"status": "ok", "database": "ok", **facts})
        return JSONResponse({"status": "unavailable", "database": problem, **facts}, 503)

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
