"""`GET /api/models` and `GET /api/operations`: what the application consists of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter

__all__ = ["catalogue_router"]


def catalogue_router(
    *,
    models: Sequence[Mapping[str, Any]],
    operations: Sequence[Mapping[str, Any]],
    prefix: str = "/api",
) -> APIRouter:
    """Return a router that answers with these lists, whose items hold JSON values."""
    router = APIRouter(prefix=prefix, tags=["catalogue"])

    @router.get("/models", operation_id="list_models", summary="The models of this application")
    async def list_models() -> list[dict[str, Any]]:
        return [dict(item) for item in models]

    @router.get(
        "/operations", operation_id="list_operations", summary="The operations of this application"
    )
    async def list_operations() -> list[dict[str, Any]]:
        return [dict(item) for item in operations]

    return router
