from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Request

from pulpo_selfaware import (
    EventTracker,
    FrameworkEventLevel,
    add_selfawareness_middleware,
    record_event,
    selfaware_router,
)
from pulpo_selfaware.web.access import is_local

if TYPE_CHECKING:
    from collections.abc import Callable

    Serve = Callable[[Any], int]

PATHS = ["/events", "/stats", "/events/stream", "/dashboard", "/metrics"]


def make_app(**options: Any) -> FastAPI:
    app = FastAPI()
    add_selfawareness_middleware(app)
    app.include_router(selfaware_router(metrics=True, **options), prefix="/look")

    @app.get("/fail")
    async def fail() -> None:
        raise HTTPException(500)

    return app


async def ask(app: Any, path: str, client: str = "127.0.0.1", **options: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app, client=(client, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as session:
        return await session.get(path, **options)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("client", "headers"),
    [
        ("192.0.2.1", {}),
        ("testclient", {}),
        ("127.0.0.1", {"x-forwarded-for": "192.0.2.1"}),
        ("127.0.0.1", {"forwarded": "for=192.0.2.1"}),
        ("127.0.0.1", {"host": "rebound.example"}),
        ("::ffff:192.0.2.1", {}),
    ],
)
async def test_it_is_closed_to_others(
    tracker: EventTracker, path: str, client: str, headers: dict[str, str]
) -> None:
    response = await ask(make_app(), "/look" + path, client, headers=headers)
    assert response.status_code == 403
    assert "authorize" in response.text


@pytest.mark.parametrize("path", ["/events", "/stats", "/dashboard", "/metrics"])
@pytest.mark.parametrize("client", ["127.0.0.1", "::1", "127.9.9.9", "::ffff:127.0.0.1"])
async def test_it_is_open_on_the_same_machine(
    tracker: EventTracker, path: str, client: str
) -> None:
    assert (await ask(make_app(), "/look" + path, client)).status_code == 200


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost:8000", True),
        ("127.0.0.1", True),
        ("[::1]:80", True),
        ("127.0.0.1.evil.example", False),
        ("", False),
        ("[", False),
    ],
)
def test_the_host_header(host: str, *, local: bool) -> None:
    assert is_local("127.0.0.1", {"host": host}) is local
    assert is_local(None, {"host": host}) is False


@pytest.mark.parametrize("path", PATHS)
async def test_a_rule_decides_alone(tracker: EventTracker, path: str) -> None:
    def refuse(request: Request) -> bool:
        return False

    app = make_app(authorize=refuse)
    assert (await ask(app, "/look" + path)).status_code == 403


@pytest.mark.parametrize("wait", [True, False])
async def test_a_rule_may_be_asynchronous_and_raise(tracker: EventTracker, *, wait: bool) -> None:
    async def check_later(request: Request) -> bool:
        await asyncio.sleep(0)
        return check(request)

    def check(request: Request) -> bool:
        if "key" not in request.headers:
            raise HTTPException(401)
        return request.headers["key"] == "right"

    app = make_app(authorize=check_later if wait else check)
    far = "192.0.2.1"
    assert (await ask(app, "/look/stats", far)).status_code == 401
    assert (await ask(app, "/look/stats", far, headers={"key": "wrong"})).status_code == 403
    assert (await ask(app, "/look/stats", far, headers={"key": "right"})).status_code == 200


async def test_events_can_be_filtered(tracker: EventTracker) -> None:
    app = make_app()
    for number in range(5):
        record_event(FrameworkEventLevel(10 + 10 * number), "T", f"m{number}", f"text {number}")

    async def texts(query: str) -> list[str]:
        response = await ask(app, f"/look/events?{query}")
        return [one["message"][-1] for one in response.json()]

    assert await texts("") == list("43210")
    assert await texts("limit=2") == list("43")
    assert await texts("level=warn") == list("432")
    assert await texts("module=m1") == ["1"]
    assert await texts("text=TEXT%203") == ["3"]
    assert await texts("event_type=OTHER") == []
    assert await texts("since=2999-01-01T00:00:00Z") == []
    for bad in ("level=loud", "limit=-1", "since=2026-01-01T00:00:00"):
        assert (await ask(app, f"/look/events?{bad}")).status_code == 422


async def test_stats(tracker: EventTracker) -> None:
    app = make_app()
    await ask(app, "/fail")
    tracker.data_access.add("orders.place", "orders", "write", 2.0, failed=False)
    stats = (await ask(app, "/look/stats")).json()
    assert stats["events"]["by_type"] == {"API_REQUEST_ERROR": 1}
    assert [row["route"] for row in stats["requests"]["routes"]] == ["/fail"]
    (slot,) = stats["requests"]["history"]
    assert (slot["count"], slot["server_errors"]) == (1, 1)
    assert stats["exceptions"] == []
    assert stats["data_access"]["orders.place"]["orders"]["writes"] == 1


async def test_looking_is_not_counted(tracker: EventTracker) -> None:
    app = make_app()
    for path in ("/events", "/stats", "/dashboard", "/metrics"):
        await ask(app, "/look" + path)
    assert tracker.requests.snapshot()["total"]["count"] == 0


async def test_odd_events_do_not_break_the_page(tracker: EventTracker) -> None:
    record_event(FrameworkEventLevel.INFO, "T", "m", "\ud800", metadata={"set": {1}})
    response = await ask(make_app(), "/look/events")
    assert response.json()[0]["metadata"] == {"set": "{1}"}


def test_the_stream_brings_events_as_they_happen(tracker: EventTracker, serve: Serve) -> None:
    port = serve(make_app())
    url = f"http://127.0.0.1:{port}/look/events/stream?level=warn"
    with httpx.stream("GET", url, timeout=5) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = response.iter_lines()
        assert next(lines) == "retry: 2000"
        record_event(FrameworkEventLevel.INFO, "T", "m", "quiet")
        threading.Thread(
            target=record_event, args=(FrameworkEventLevel.ERROR, "T", "m", "loud\ndata: x")
        ).start()
        data = next(line for line in lines if line.startswith("data: "))
        assert json.loads(data[6:])["message"] == "loud\ndata: x"
    deadline = time.monotonic() + 60
    while tracker._listeners:
        assert time.monotonic() < deadline, "the stream did not unsubscribe"
        time.sleep(0.02)


async def test_a_slow_reader_of_the_stream_is_told_what_it_missed(tracker: EventTracker) -> None:
    from pulpo_selfaware.web.stream import event_stream

    stream = event_stream(tracker)
    assert "connected" in await anext(stream)
    for number in range(1500):
        record_event(FrameworkEventLevel.INFO, "T", "m", str(number))
    assert await anext(stream) == ": skipped 500 events\n\n"
    assert (await anext(stream)).count("data: ") == 1000
    await stream.aclose()
    assert tracker._listeners == ()


async def test_the_page_needs_nothing_else(tracker: EventTracker) -> None:
    response = await ask(make_app(), "/look/dashboard")
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "/*{" not in response.text
    for outside in ("http://", "https://", "src=", "@import", "url("):
        found = response.text.replace("http://www.w3.org/2000/svg", "")
        assert outside not in found


def test_a_rule_that_is_no_function_is_refused() -> None:
    with pytest.raises(TypeError, match="authorize must be callable"):
        selfaware_router(authorize="secret")  # type: ignore[arg-type]


async def test_prometheus_metrics(tracker: EventTracker) -> None:
    from prometheus_client.parser import text_string_to_metric_families

    app = make_app()
    for _ in range(3):
        await ask(app, "/fail")
    response = await ask(app, "/look/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    samples = {
        (sample.name, sample.labels.get("route"), sample.labels.get("le")): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }
    in_flight = samples["http_requests_in_flight", None, None]
    assert in_flight == 0, "the scrape itself is not counted, like everywhere else"
    assert samples["http_request_duration_seconds_count", "/fail", None] == 3
    assert samples["http_request_duration_seconds_bucket", "/fail", "+Inf"] == 3
    assert samples["http_request_duration_seconds_bucket", "/fail", "10.0"] == 3
    assert samples["http_server_errors_total", "/fail", None] == 3
    assert samples["selfaware_events_total", None, None] == 3
    counts = [
        value
        for (name, _, le), value in samples.items()
        if name == "http_request_duration_seconds_bucket" and le
    ]
    assert counts == sorted(counts)


async def test_metrics_can_be_mounted(tracker: EventTracker) -> None:
    from pulpo_selfaware import metrics_app

    app = FastAPI()
    add_selfawareness_middleware(app)
    app.mount("/metrics", metrics_app())
    response = await ask(app, "/metrics/")
    assert "http_requests_in_flight" in response.text
    assert tracker.requests.snapshot()["total"]["count"] == 0
