"""The label is the template that matched, whatever way the request took through the routers."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request, WebSocket
from fastapi.middleware.cors import CORSMiddleware
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Host, Mount, Route, Router
from starlette.staticfiles import StaticFiles

from pulpo_selfaware import EventTracker, SelfAwarenessMiddleware, add_selfawareness_middleware
from pulpo_selfaware.request_statistics import OTHER_ROUTES
from pulpo_selfaware.routes import UNMATCHED, route_label


async def _ok(request: Request) -> Response:
    return PlainTextResponse("ok")


def _fastapi(tmp_path: Any) -> FastAPI:
    app = FastAPI()

    async def show(item: int) -> int:
        return item

    inner = APIRouter(prefix="/inner")
    inner.add_api_route("/things/{item}", show)
    inner.add_api_route("/things/{item}", show, methods=["DELETE"])
    inner.add_api_route("/{item}", show, methods=["PATCH"])
    outer = APIRouter(prefix="/outer/{region}")
    outer.include_router(inner)
    app.include_router(outer, prefix="/v1")
    app.include_router(outer, prefix="/v2")

    @app.get("/files/{path:path}")
    async def download(path: str) -> str:
        return path

    sub = FastAPI()
    sub.add_api_route("/deep/{item}", show)
    sub.include_router(inner, prefix="/again")
    app.mount("/sub/{tenant}", sub)
    app.mount("/static", StaticFiles(directory=tmp_path))
    app.mount("/star", Starlette(routes=[Mount("/k", routes=[Route("/z/{a}", _ok)])]))
    with_mount = APIRouter()
    with_mount.mount("/mounted", Starlette(routes=[Route("/leaf/{a}", _ok)]))
    app.include_router(with_mount, prefix="/m")
    add_selfawareness_middleware(app)
    return app


@pytest.mark.parametrize(
    ("method", "path", "status", "label"),
    [
        ("GET", "/v1/outer/7/inner/things/3", 200, "/v1/outer/{region}/inner/things/{item}"),
        ("GET", "/v2/outer/7/inner/things/3", 200, "/v2/outer/{region}/inner/things/{item}"),
        ("DELETE", "/v1/outer/7/inner/things/3", 200, "/v1/outer/{region}/inner/things/{item}"),
        ("GET", "/v1/outer/7/inner/things/x", 422, "/v1/outer/{region}/inner/things/{item}"),
        ("PUT", "/v1/outer/7/inner/things/3", 405, "/v1/outer/{region}/inner/things/{item}"),
        ("OPTIONS", "/v1/outer/7/inner/things/3", 405, "/v1/outer/{region}/inner/things/{item}"),
        ("PATCH", "/v1/outer/7/inner/3", 200, "/v1/outer/{region}/inner/{item}"),
        ("GET", "/v1/outer/7/nowhere", 404, UNMATCHED),
        ("GET", "/files/a/b/c", 200, "/files/{path:path}"),
        ("HEAD", "/files/a", 405, "/files/{path:path}"),
        ("GET", "/sub/acme/deep/1", 200, "/sub/{tenant}/deep/{item}"),
        ("PUT", "/sub/acme/deep/1", 405, "/sub/{tenant}/deep/{item}"),
        ("GET", "/sub/acme/again/inner/things/5", 200, "/sub/{tenant}/again/inner/things/{item}"),
        ("GET", "/sub/acme/nothing", 404, "/sub/{tenant}/{path}"),
        ("GET", "/sub/acme/docs", 200, "/sub/{tenant}/docs"),
        ("GET", "/static/none.css", 404, "/static/{path}"),
        ("GET", "/star/k/z/1", 200, "/star/k/z/{a}"),
        ("GET", "/star/k/none", 404, "/star/k/{path}"),
        ("GET", "/m/mounted/leaf/1", 200, "/m/mounted/leaf/{a}"),
        ("GET", "/docs", 200, "/docs"),
        ("GET", "/openapi.json", 200, "/openapi.json"),
        ("GET", "/../../etc/passwd", 404, UNMATCHED),
        ("POST", "/nope", 404, UNMATCHED),
    ],
)
async def test_labels(
    tracker: EventTracker, tmp_path: Any, method: str, path: str, status: int, label: str
) -> None:
    transport = httpx.ASGITransport(_fastapi(tmp_path))
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        for _ in range(2):  # the second time the label comes from the cache
            response = await client.request(method, path)
            assert response.status_code == status
    (row,) = tracker.requests.snapshot()["routes"]
    assert (row["method"], row["route"], row["count"]) == (method, label, 2)


@pytest.mark.parametrize(
    ("path", "status", "label"),
    [
        ("/a/1", 200, "/a/{id:int}"),
        ("/a/x", 404, UNMATCHED),
        ("/deep/er/b/2", 200, "/deep/er/b/{id}"),
        ("/deep/er/nothing", 404, "/deep/er/{path}"),
        ("/deep/none", 404, "/deep/{path}"),
    ],
)
async def test_labels_of_starlette(
    tracker: EventTracker, path: str, status: int, label: str
) -> None:
    app = Starlette(
        routes=[
            Route("/a/{id:int}", _ok),
            Mount("/deep", routes=[Mount("/er", app=Router([Route("/b/{id}", _ok)]))]),
            Host("never.example", Router([])),
        ]
    )
    add_selfawareness_middleware(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
        assert (await client.get(path)).status_code == status
    (row,) = tracker.requests.snapshot()["routes"]
    assert row["route"] == label


async def test_a_preflight_gets_the_label_of_the_route_it_asks_for(
    tracker: EventTracker, tmp_path: Any
) -> None:
    app = _fastapi(tmp_path)
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"])
    headers = {"origin": "http://x", "access-control-request-method": "GET"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
        for path in ("/v1/outer/7/inner/things/3", "/nope"):
            assert (await client.options(path, headers=headers)).status_code == 200
    labels = {row["route"] for row in tracker.requests.snapshot()["routes"]}
    assert labels == {"/v1/outer/{region}/inner/things/{item}", UNMATCHED}


async def test_a_middleware_that_copies_the_scope_hides_nothing(
    tracker: EventTracker, tmp_path: Any
) -> None:
    class Copying:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await self.app(dict(scope), receive, send)

    app = _fastapi(tmp_path)
    app.add_middleware(Copying)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
        await client.get("/files/a")
        await client.get("/v1/outer/7/inner/things/3")
    labels = {row["route"] for row in tracker.requests.snapshot()["routes"]}
    assert labels == {"/files/{path:path}", "/v1/outer/{region}/inner/things/{item}"}


async def test_a_root_path_is_no_part_of_the_label(tracker: EventTracker, tmp_path: Any) -> None:
    transport = httpx.ASGITransport(_fastapi(tmp_path), root_path="/proxy")
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        assert (await client.get("/proxy/sub/acme/deep/1")).status_code == 200
    (row,) = tracker.requests.snapshot()["routes"]
    assert row["route"] == "/sub/{tenant}/deep/{item}"


async def test_websockets_have_labels(tracker: EventTracker) -> None:
    app = FastAPI()
    router = APIRouter()

    @router.websocket("/ws/{room}")
    async def room(websocket: WebSocket, room: str) -> None:
        await websocket.accept()
        await websocket.close()

    app.include_router(router, prefix="/live")
    add_selfawareness_middleware(app)
    sent: list[Any] = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    scope = {
        "type": "websocket",
        "path": "/live/ws/7",
        "headers": [],
        "query_string": b"",
        "subprotocols": [],
    }
    await app(scope, receive, send)
    assert sent == ["websocket.accept", "websocket.close"]
    (row,) = tracker.requests.snapshot()["routes"]
    assert (row["method"], row["route"]) == ("WEBSOCKET", "/live/ws/{room}")


async def test_an_application_without_routes_is_one_group(tracker: EventTracker) -> None:
    async def plain(scope: Any, receive: Any, send: Any) -> None:
        await JSONResponse({})(scope, receive, send)

    app = SelfAwarenessMiddleware(plain)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
        for number in range(20):
            await client.request(f"METHOD{number}", f"/made/up/{number}")
    (row,) = tracker.requests.snapshot()["routes"]
    assert (row["method"], row["route"], row["count"]) == ("OTHER", UNMATCHED, 20)


async def test_the_number_of_labels_has_a_hard_cap() -> None:
    tracker = EventTracker(max_routes=10)
    app = FastAPI()
    for number in range(50):
        app.add_api_route(f"/r{number}", lambda: None)
    add_selfawareness_middleware(app, tracker=tracker)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
        for number in range(50):
            await client.get(f"/r{number}")
    rows = tracker.requests.snapshot()["routes"]
    assert len(rows) == 11
    assert {row["route"]: row["count"] for row in rows}[OTHER_ROUTES] == 40


@pytest.mark.parametrize(
    ("template", "path", "params", "label"),
    [
        ("/{item}", "/v1/eu/3", {"region": "eu", "item": "3"}, "/v1/{region}/{item}"),
        ("/x", "/v1/x", {}, "/v1/x"),
        ("/{item}", "/3", {"item": 3}, "/{item}"),
        ("/f/{p:path}", "/v1/f/a/b", {"p": "a/b"}, "/v1/f/{p:path}"),
        ("/a.b", "/v1/a.b", {}, "/v1/a.b"),
    ],
)
def test_a_missing_prefix_is_found_without_fastapis_help(
    template: str, path: str, params: dict[str, Any], label: str
) -> None:
    class Plain:
        methods = ("GET",)

    route = Plain()
    route.path = template  # type: ignore[attr-defined]
    scope = {"path": path, "route": route, "endpoint": _ok, "path_params": params}
    assert route_label(scope, "", 200) == label
