"""Endpoints that are called past FastAPI's way answer as by it, and mind what is added."""

from __future__ import annotations

from typing import Annotated, Any

import httpx
import pytest
from beanie import PydanticObjectId
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.dependencies.utils import solve_dependencies
from fastapi.routing import APIRoute

from pulpo_base.api import GuardedRoute
from pulpo_base.api.http.direct_calls import direct
from pulpo_base.api.http.json_body import JsonBody


async def asked(request: Request) -> str:
    return request.url.query


BODY: JsonBody[Any] = JsonBody(dict[str, int], lambda body: sorted(body.items()))


def router(kind: type[APIRoute]) -> APIRouter:
    made = APIRouter(route_class=kind)

    @made.get("/things")
    async def listed(query: Annotated[str, Depends(asked)]) -> Response:
        return Response(f"list {query}")

    @made.get("/things/{id}")
    async def got(id: PydanticObjectId, request: Request) -> Response:  # noqa: A002
        return Response(f"{id} {request.method}")

    @made.put("/things/{id}")
    async def put(
        id: PydanticObjectId,  # noqa: A002
        body: Annotated[Any, Depends(BODY)],
        request: Request,
    ) -> Response:
        return Response(f"{id} {body} {request.method}")

    return made


def app_of(kind: type[APIRoute], **options: Any) -> FastAPI:
    app = FastAPI()
    app.include_router(router(kind), **options)
    return app


async def answer(app: FastAPI, method: str, path: str, **request: Any) -> tuple[int, str]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        found = await client.request(method, path, **request)
        return found.status_code, found.text


ID = "65f000000000000000000001"
JSON = {"content-type": "application/json"}
REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/things?a=1", {}),
    ("GET", f"/things/{ID}", {}),
    ("GET", "/things/none", {}),
    ("PUT", f"/things/{ID}", {"json": {"b": 2, "a": 1}}),
    ("PUT", f"/things/{ID}", {"json": [1]}),
    ("PUT", "/things/none", {"json": [1]}),
    ("PUT", f"/things/{ID}", {"content": b"{", "headers": JSON}),
    ("PUT", f"/things/{ID}", {"content": b"\xff", "headers": JSON}),
    ("PUT", f"/things/{ID}", {"content": b"[" * 100_000, "headers": JSON}),
    ("PUT", f"/things/{ID}", {"content": b"", "headers": JSON}),
    ("PUT", f"/things/{ID}", {"content": b'{"a": 1}'}),
    ("PUT", f"/things/{ID}", {"content": b'{"a": 1}', "headers": {"content-type": "text/plain"}}),
    (
        "PUT",
        f"/things/{ID}",
        {"content": b'{"a": 1}', "headers": {"content-type": "application/json; charset=utf-8"}},
    ),
]


@pytest.mark.parametrize(("method", "path", "request_"), REQUESTS)
async def test_both_ways_answer_the_same(method: str, path: str, request_: dict[str, Any]) -> None:
    wanted = await answer(app_of(APIRoute), method, path, **request_)
    assert await answer(app_of(GuardedRoute), method, path, **request_) == wanted


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the paths of the requests whose dependencies FastAPI solved."""
    paths: list[str] = []

    async def noted(*, request: Request, **options: Any) -> Any:
        paths.append(request.url.path)
        return await solve_dependencies(request=request, **options)

    monkeypatch.setattr("fastapi.routing.solve_dependencies", noted)
    return paths


async def test_usual_requests_pass_fastapis_way(solved: list[str]) -> None:
    app = app_of(GuardedRoute)
    assert (await answer(app, "GET", "/things"))[0] == 200
    assert (await answer(app, "GET", f"/things/{ID}"))[0] == 200
    assert (await answer(app, "PUT", f"/things/{ID}", json={}))[0] == 200
    assert solved == []
    assert (await answer(app, "GET", "/things/none"))[0] == 422
    assert solved == ["/things/none"]


def refuses() -> None:
    raise HTTPException(403)


async def test_what_is_added_where_a_router_is_included_holds() -> None:
    for app in (
        app_of(GuardedRoute, dependencies=[Depends(refuses)]),
        app_of(GuardedRoute, dependencies=[Depends(refuses)], prefix="/v1"),
    ):
        prefix = "/v1" if app.openapi()["paths"].keys() >= {"/v1/things"} else ""
        for path in ("/things", f"/things/{ID}"):
            assert (await answer(app, "GET", prefix + path))[0] == 403
        assert (await answer(app, "PUT", f"{prefix}/things/{ID}", json={}))[0] == 403


async def test_what_an_application_wants_of_every_route_holds() -> None:
    app = FastAPI(dependencies=[Depends(refuses)])
    app.include_router(router(GuardedRoute))
    assert (await answer(app, "GET", "/things"))[0] == 403


async def test_a_dependency_that_a_test_replaces_is_replaced() -> None:
    app = app_of(GuardedRoute)
    app.dependency_overrides[asked] = lambda: "something else"
    assert await answer(app, "GET", "/things?a=1") == (200, "list something else")


async def test_endpoints_that_want_more_go_fastapis_way() -> None:
    async def other(size: int = 1) -> Response:
        return Response(str(size))

    async def handler(request: Request) -> Response:
        return Response("FastAPI's")

    assert direct("/things", other, handler) is handler
