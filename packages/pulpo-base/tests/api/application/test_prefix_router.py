"""A router that requests of other places pass at once answers as any other does."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from pulpo_base.api import PrefixRouter


def routers(kind: type[APIRouter]) -> list[APIRouter]:
    made = []
    for name in ("orders", "order_lines", "people"):
        router = kind()

        @router.get(f"/api/{name}")
        async def listed(name: str = name) -> str:
            return f"list of {name}"

        @router.get(f"/api/{name}/{{id}}")
        async def got(id: str, name: str = name) -> str:  # noqa: A002
            return f"{name} {id}"

        @router.get(f"/api/{name}/{{id}}/notes")
        async def notes(id: str, name: str = name) -> str:  # noqa: A002
            return f"notes of {name} {id}"

        made.append(router)
    return made


PATHS = [
    "/api/orders",
    "/api/orders/",
    "/api/order_lines/1",
    "/api/people/1/notes",
    "/api/people/%2Fapi%2Forders",
    "/api/peoples",
    "/api/nothing",
    "/",
]


@pytest.mark.parametrize("prefix", ["", "/v1"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("path", PATHS)
async def test_it_answers_as_a_plain_router(path: str, method: str, prefix: str) -> None:
    answers = []
    for kind in (APIRouter, PrefixRouter):
        app = FastAPI()
        for router in routers(kind):
            app.include_router(router, prefix=prefix)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
            answer = await client.request(method, prefix + path)
            answers.append((answer.status_code, answer.text, answer.headers.get("location")))
    assert answers[0] == answers[1]


def test_prefixes_end_where_parameters_begin() -> None:
    assert [router.prefixes for router in map(_prefixed, routers(PrefixRouter))] == [
        ("/api/orders",),
        ("/api/order_lines",),
        ("/api/people",),
    ]


def test_a_router_with_a_route_anywhere_is_always_asked() -> None:
    router = PrefixRouter()

    @router.get("/api/orders")
    async def orders() -> None: ...

    @router.get("/{anything:path}")
    async def other(anything: str) -> None: ...

    assert router.prefixes == ("",)


async def test_a_router_inside_is_asked() -> None:
    outer = PrefixRouter()
    (inner, *_) = routers(PrefixRouter)
    outer.include_router(inner, prefix="/inner")
    app = FastAPI()
    app.include_router(outer)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        assert (await client.get("/inner/api/orders/7")).json() == "orders 7"


def test_a_request_of_another_place_asks_no_route(monkeypatch: pytest.MonkeyPatch) -> None:
    (router, *_) = routers(PrefixRouter)
    asked: list[Any] = []
    for route in router.routes:
        monkeypatch.setattr(route, "matches", asked.append)
    match, _ = router.matches({"type": "http", "path": "/api/people", "method": "GET"})
    assert (match.name, asked) == ("NONE", [])


def _prefixed(router: APIRouter) -> PrefixRouter:
    assert isinstance(router, PrefixRouter)
    return router
