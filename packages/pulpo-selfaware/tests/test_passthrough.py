"""Over real HTTP: what a client sees is the same, byte for byte and in time."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import BackgroundTasks, FastAPI, Request, WebSocket
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse

from pulpo_selfaware import EventTracker, add_selfawareness_middleware

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    Serve = Callable[[Any], int]

done: list[str] = []


def make_app(tmp_path: Path, *, observed: bool = True, **options: Any) -> FastAPI:  # noqa: C901
    app = FastAPI()
    big = tmp_path / "big.bin"
    big.write_bytes(bytes(range(256)) * 4000)
    if observed:
        add_selfawareness_middleware(app, **options)

    @app.get("/plain")
    async def plain() -> Response:
        return PlainTextResponse("hello", headers={"set-cookie": "a=1"})

    @app.get("/stream")
    async def stream() -> Response:
        async def parts() -> AsyncGenerator[bytes]:
            for number in range(5):
                yield b"part %d\n" % number
                await asyncio.sleep(0.1)

        return StreamingResponse(parts(), media_type="text/plain")

    @app.get("/sse")
    async def sse() -> Response:
        async def ticks() -> AsyncGenerator[bytes]:
            for number in range(4):
                yield b"data: %d\n\n" % number
                await asyncio.sleep(0.1)

        return StreamingResponse(ticks(), media_type="text/event-stream")

    @app.get("/endless")
    async def endless() -> Response:
        async def ticks() -> AsyncGenerator[bytes]:
            try:
                while True:
                    yield b"x" * 1000
                    await asyncio.sleep(0.01)
            finally:
                done.append("endless")

        return StreamingResponse(ticks(), media_type="text/plain")

    @app.get("/file")
    async def file() -> Response:
        return FileResponse(big)

    @app.get("/background")
    async def background(tasks: BackgroundTasks) -> dict[str, bool]:
        async def later() -> None:
            await asyncio.sleep(0.3)
            done.append("background")

        tasks.add_task(later)
        return {"ok": True}

    @app.post("/upload")
    async def upload(request: Request) -> dict[str, int]:
        return {"bytes": sum([len(chunk) async for chunk in request.stream()])}

    @app.get("/fail")
    async def fail() -> None:
        raise RuntimeError

    @app.websocket("/ws")
    async def ws(websocket: WebSocket) -> None:
        await websocket.accept()
        async for text in websocket.iter_text():
            await websocket.send_text(text.upper())

    return app


def talk(port: int, requests: bytes) -> bytes:
    """Send bytes on one connection and return all that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(requests)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


def get(path: str, *headers: str, close: bool = True) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: t", *headers]
    if close:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


REQUESTS = {
    "plain": get("/plain"),
    "stream": get("/stream"),
    "sse": get("/sse"),
    "file": get("/file"),
    "range": get("/file", "Range: bytes=1000-1999"),
    "ranges": get("/file", "Range: bytes=0-9,20-29"),
    "bad range": get("/file", "Range: bytes=99999999-"),
    "not found": get("/nowhere"),
    "failure": get("/fail"),
    "not allowed": get("/upload"),
    "head": get("/plain").replace(b"GET", b"HEAD", 1),
    "options": get("/plain").replace(b"GET", b"OPTIONS", 1),
    "keep-alive": get("/plain", close=False) + get("/file", close=False) + get("/nowhere"),
    "chunked upload": b"POST /upload HTTP/1.1\r\nHost: t\r\nConnection: close\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
}


def normal(answer: bytes) -> bytes:
    """Take out what differs between any two answers."""
    answer = re.sub(rb"(?i)\r\n(date|last-modified|etag): [^\r]*", b"", answer)
    return re.sub(rb"[0-9a-f]{26,32}(?=\r\n|--|$)|boundary=\S+|--[0-9a-f]{26}", b"", answer)


def without_ids(answer: bytes) -> bytes:
    return re.sub(rb"\r\n(x-request-id|traceparent): [^\r]*", b"", answer)


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("ids", [True, False])
def test_answers_are_the_same_byte_for_byte(
    tracker: EventTracker, serve: Serve, tmp_path: Path, name: str, *, ids: bool
) -> None:
    observed = serve(make_app(tmp_path, response_headers=ids, record_success=True))
    bare = serve(make_app(tmp_path, observed=False))
    answer = talk(observed, REQUESTS[name])
    if ids:
        assert answer.count(b"\r\nx-request-id: ") == answer.count(b"HTTP/1.1 ")
        answer = without_ids(answer)
    assert normal(answer) == normal(talk(bare, REQUESTS[name]))
    count = REQUESTS[name].count(b" HTTP/1.1\r\n")
    deadline = time.monotonic() + 60
    while tracker.requests.snapshot()["total"]["count"] < count:
        assert time.monotonic() < deadline, "the request was not counted"
        time.sleep(0.01)


def first_byte_and_end(port: int, path: str) -> tuple[float, float]:
    """Return the seconds until the first byte of the body and until the end."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        started = time.perf_counter()
        connection.sendall(get(path))
        received = b""
        first = 0.0
        while chunk := connection.recv(65536):
            received += chunk
            if not first and received.partition(b"\r\n\r\n")[2]:
                first = time.perf_counter() - started
        return first, time.perf_counter() - started


@pytest.mark.parametrize("path", ["/stream", "/sse"])
def test_the_first_byte_is_not_delayed(
    tracker: EventTracker, serve: Serve, tmp_path: Path, path: str
) -> None:
    port = serve(make_app(tmp_path))
    first, whole = first_byte_and_end(port, path)
    assert whole >= 0.4
    assert 0 < first < whole - 0.3


async def test_a_long_event_stream_is_not_slow_but_a_long_download_is(
    tracker: EventTracker, serve: Serve, tmp_path: Path
) -> None:
    port = serve(make_app(tmp_path, slow_request_ms=200))
    first_byte_and_end(port, "/sse")
    first_byte_and_end(port, "/stream")
    await asyncio.sleep(0.05)
    assert [one.metadata["route"] for one in await tracker.get_events()] == ["/stream"]


async def test_background_tasks_run_and_do_not_count(
    tracker: EventTracker, serve: Serve, tmp_path: Path
) -> None:
    done.clear()
    port = serve(make_app(tmp_path, slow_request_ms=200))
    async with httpx.AsyncClient() as client:
        response = await client.get(f"http://127.0.0.1:{port}/background")
    assert response.json() == {"ok": True}
    assert done == [], "the response waited for the task"
    await asyncio.sleep(0.6)
    assert done == ["background"]
    assert len(tracker) == 0
    assert tracker.requests.snapshot()["total"]["max_ms"] < 200


async def test_a_client_that_leaves_ends_the_stream_and_is_no_error(
    tracker: EventTracker, serve: Serve, tmp_path: Path
) -> None:
    done.clear()
    port = serve(make_app(tmp_path))
    with httpx.stream("GET", f"http://127.0.0.1:{port}/endless") as response:
        next(response.iter_raw())
    deadline = time.monotonic() + 60
    while not tracker.requests.snapshot()["total"]["aborted"]:
        assert time.monotonic() < deadline, "the disconnect was not counted"
        await asyncio.sleep(0.02)
    assert done == ["endless"]
    (row,) = tracker.requests.snapshot()["routes"]
    assert (row["aborted"], row["server_errors"], row["in_flight"]) == (1, 0, 0)
    assert len(tracker) == 0


def test_websockets_pass_through(tracker: EventTracker, serve: Serve, tmp_path: Path) -> None:
    client = pytest.importorskip("websockets.sync.client", reason="needs the package websockets")
    port = serve(make_app(tmp_path))
    with client.connect(f"ws://127.0.0.1:{port}/ws") as connection:
        assert connection.response.headers["x-request-id"]
        for text in ("one", "two"):
            connection.send(text)
            assert connection.recv() == text.upper()
        snapshot = tracker.requests.snapshot()
        assert [(row["route"], row["in_flight"]) for row in snapshot["routes"]] == [("/ws", 1)]
    deadline = time.monotonic() + 60
    while not tracker.requests.snapshot()["total"]["count"]:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    total = tracker.requests.snapshot()["total"]
    assert (total["count"], total["errors"], total["aborted"]) == (1, 0, 0)


async def test_other_messages_are_handed_on_as_they_are(tracker: EventTracker) -> None:
    from pulpo_selfaware import SelfAwarenessMiddleware

    start = {"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")], "trailers": 1}
    messages: list[dict[str, Any]] = [
        {"type": "http.response.push", "path": "/x"},
        start,
        {"type": "http.response.zerocopysend", "file": 3},
        {"type": "http.response.pathsend", "path": "/y"},
        {"type": "http.response.trailers", "headers": []},
    ]
    before = [dict(one) for one in messages]
    sent: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert receive is given
        for one in messages:
            await send(one)

    async def given() -> Any:
        """Not called."""

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    await SelfAwarenessMiddleware(app)(scope, given, send)
    assert messages == before, "a message of the application was changed"
    assert start["headers"] == [(b"a", b"b")]
    assert [one for one in sent if one["type"] != "http.response.start"] == before[:1] + before[2:]
    assert sent[1]["headers"][0] == (b"a", b"b")
    assert sent[1]["trailers"] == 1


async def test_lifespan_is_left_alone(tracker: EventTracker) -> None:
    from pulpo_selfaware import SelfAwarenessMiddleware

    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((scope, receive, send))

    arguments: Any = ({"type": "lifespan"}, object(), object())
    await SelfAwarenessMiddleware(app)(*arguments)
    assert seen == [arguments]
