"""`GET /api/me`: who asks, and what of the application they may use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from pulpo_base.api.security.principals import NOBODY, current_principal

__all__ = ["Me", "me_router"]

Entries = Sequence[Mapping[str, Any]]


class Me(BaseModel):
    """Who asks and what they may do.

    `models` says of each model whether its documents may be read and written; `operations` names
    those that may be called. `kind` is `anyone` where nobody is asked.
    """

    kind: str
    id: str
    name: str
    permissions: list[str]
    models: dict[str, list[str]]
    operations: list[str]


def me_router(*, models: Entries, operations: Entries, prefix: str = "/api") -> APIRouter:
    """Return a router that answers for what the catalogue lists, by its `permissions`."""
    router = APIRouter(prefix=prefix, tags=["catalogue"])

    @router.get("/me", operation_id="get_me", summary="Who I am, and what I may do")
    async def get_me() -> Me:
        who = current_principal() or NOBODY
        return Me(
            kind=who.kind,
            id=who.id,
            name=who.name,
            permissions=sorted(who.permissions),
            models={
                item["name"]: [
                    what
                    for what, more in (("read", ()), ("write", item.get("write_permissions", ())))
                    if who.may((*item.get("permissions", ()), *more))
                ]
                for item in models
            },
            operations=[
                item["name"] for item in operations if who.may(item.get("permissions", ()))
            ],
        )

    return router
