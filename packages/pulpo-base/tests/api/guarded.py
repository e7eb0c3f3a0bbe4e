"""A secured application as Pulpo generates one: people, and vaults that belong to them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Annotated, Any

import httpx
from beanie import Document, Link, PydanticObjectId
from fastapi import APIRouter, Depends, FastAPI
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from pulpo_base import datamodel
from pulpo_base.api import (
    GuardedRoute,
    ListQuery,
    OperationRoute,
    Resource,
    current_principal,
    health_router,
    me_router,
    secure,
)
from pulpo_base.database import connected


@datamodel(permissions=["people:read"])
class Person(Document):
    name: str

    class Settings:
        name = "people"


@datamodel(permissions=["vaults:read"], write_permissions=["vaults:write"])
class Vault(Document):
    label: str
    owner: Link[Person]

    class Settings:
        name = "vaults"


class Opening(BaseModel):
    vault: str


people = Resource(Person)
vaults = Resource(Vault)
router = APIRouter(route_class=GuardedRoute)
operations = APIRouter(prefix="/api/operations", route_class=OperationRoute)


@router.post("/api/people", **people.routes.create)
async def create_person(
    document: Annotated[Person, Depends(people.new)], request: Request
) -> Response:
    return await people.create(document, request)


@router.get("/api/vaults", **vaults.routes.list)
async def list_vaults(query: Annotated[ListQuery, Depends(vaults.query)]) -> Response:
    return await vaults.list(query)


@router.get("/api/vaults/{id}", **vaults.routes.get)
async def get_vault(id: PydanticObjectId, request: Request) -> Response:  # noqa: A002
    return await vaults.get(id, request)


@router.post("/api/vaults", **vaults.routes.create)
async def create_vault(
    document: Annotated[Vault, Depends(vaults.new)], request: Request
) -> Response:
    return await vaults.create(document, request)


@router.patch("/api/vaults/{id}", **vaults.routes.patch)
async def patch_vault(
    id: PydanticObjectId,  # noqa: A002
    changes: Annotated[dict[str, Any], Depends(vaults.changes)],
    request: Request,
) -> Response:
    return await vaults.patch(id, changes, request)


@router.get("/api/people/{id}/vaults", **vaults.routes.related)
async def list_vaults_of_person(
    id: PydanticObjectId,  # noqa: A002
    query: Annotated[ListQuery, Depends(vaults.query)],
) -> Response:
    return await vaults.list_related("owner", id, query)


@operations.post("/vaults.open", openapi_extra={"x-permissions": ["vaults:open"]})
async def open_vault(data: Opening) -> str:
    who = current_principal()
    return f"{data.vault} opened by {who.name if who else 'nobody'}"


@operations.post("/vaults.break")
async def break_vault() -> None:
    raise RuntimeError("the combination is 1234")


MODELS: list[Mapping[str, Any]] = [
    {"name": "Person", "permissions": ["people:read"], "write_permissions": []},
    {"name": "Vault", "permissions": ["vaults:read"], "write_permissions": ["vaults:write"]},
]
OPERATIONS: list[Mapping[str, Any]] = [
    {"name": "vaults.open", "permissions": ["vaults:open"]},
    {"name": "vaults.break", "permissions": []},
]


@dataclass(frozen=True)
class Settings:
    """What the generated settings are without any configuration."""

    auth: str = "none"
    jwt_issuer: str = ""
    jwt_audience: str = ""
    jwt_jwks_url: str = ""
    jwt_algorithms: tuple[str, ...] = ("RS256", "ES256", "EdDSA")
    jwt_permissions_claim: str = "scope"
    public_without_auth: bool = False
    allowed_hosts: tuple[str, ...] = ()
    public_paths: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    rate_limit: int = 0
    max_body_bytes: int = 4_000_000

    def but(self, **changes: Any) -> Settings:
        return replace(self, **changes)


def application(settings: Settings, database: Any = None) -> FastAPI:
    app = FastAPI(title="Vaults")
    secure(app, settings)
    app.state.database = database
    app.include_router(health_router())
    app.include_router(me_router(models=MODELS, operations=OPERATIONS))
    app.include_router(router)
    app.include_router(operations)
    return app


@asynccontextmanager
async def database_of(url: str, name: str) -> AsyncIterator[Any]:
    async with connected(url, name, (Person, Vault), timeout_ms=5_000) as database:
        yield database


def asking(
    app: FastAPI, key: str = "", *, base_url: str = "http://127.0.0.1", peer: str = "127.0.0.1"
) -> httpx.AsyncClient:
    """Return a client that has a key; errors of the application are answers to it."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(peer, 50_000))
    headers = {"x-api-key": key} if key else {}
    return httpx.AsyncClient(transport=transport, base_url=base_url, headers=headers)
