from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel
from starlette.responses import PlainTextResponse

from pulpo_selfaware import (
    EventTracker,
    FrameworkEvent,
    FrameworkEventLevel,
    FrameworkEventType,
    SelfAwarenessMiddleware,
    add_selfawareness_middleware,
    current_request_id,
    current_traceparent,
    record_event,
)

SECRET = "hunter2"


class Person(BaseModel):
    name: str
    age: int
    tags: dict[str, int] = {}


def make_app(**options: Any) -> FastAPI:
    app = FastAPI()
    add_selfawareness_middleware(app, **options)

    @app.get("/ok")
    async def ok() -> dict[str, str | None]:
        return {"request": current_request_id(), "trace": current_traceparent()}

    @app.get("/items/{item}")
    async def items(item: int, page: int = 1) -> int:
        return item

    @app.post("/people")
    async def people(person: Person) -> Person:
        return person

    @app.get("/status/{status}")
    async def status(status: int) -> None:
        raise HTTPException(status)

    @app.get("/boom")
    async def boom(text: str = "") -> None:
        raise RuntimeError(text)

    @app.get("/slow")
    async def slow() -> None:
        await asyncio.sleep(0.05)

    @app.get("/note")
    def note() -> None:
        record_event(FrameworkEventLevel.INFO, "NOTE", "app", "noted")

    return app


async def ask(app: Any, method: str, path: str, **options: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        return await client.request(method, path, **options)


async def ask_raising(app: Any) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
        await client.get("/")


async def only(tracker: EventTracker) -> FrameworkEvent:
    (event,) = await tracker.get_events()
    return event


@pytest.mark.parametrize(
    ("path", "level", "kind"),
    [
        ("/status/404", "WARN", "API_REQUEST_ERROR"),
        ("/status/418", "WARN", "API_REQUEST_ERROR"),
        ("/status/503", "ERROR", "API_REQUEST_ERROR"),
        ("/items/x", "WARN", "API_VALIDATION_ERROR"),
        ("/boom", "ERROR", "API_REQUEST_ERROR"),
        ("/slow", "WARN", "API_REQUEST_SLOW"),
    ],
)
async def test_what_becomes_an_event(
    tracker: EventTracker, path: str, level: str, kind: str
) -> None:
    response = await ask(make_app(slow_request_ms=40), "GET", path)
    event = await only(tracker)
    assert (event.level.name, event.event_type, event.module) == (level, kind, "api")
    assert event.metadata["status"] == response.status_code
    assert event.metadata["method"] == "GET"
    assert event.metadata["route"] in event.message
    assert event.metadata["request_id"] == response.headers["x-request-id"]
    assert event.duration_ms is not None
    assert event.duration_ms >= (50 if path == "/slow" else 0)


async def test_success_is_counted_and_no_event(tracker: EventTracker) -> None:
    app = make_app()
    for _ in range(3):
        await ask(app, "GET", "/ok")
    assert len(tracker) == 0
    total = tracker.requests.snapshot()["total"]
    assert (total["count"], total["errors"], total["in_flight"]) == (3, 0, 0)
    assert total["response_bytes"] > 0
    assert 0 < total["p50_ms"] <= total["p95_ms"] <= total["p99_ms"] <= total["max_ms"]


async def test_success_can_be_recorded(tracker: EventTracker) -> None:
    await ask(make_app(record_success=True), "GET", "/ok")
    event = await only(tracker)
    assert (event.event_type, event.level) == ("API_REQUEST", FrameworkEventLevel.DEBUG)


async def test_an_exception_is_raised_on_untouched(tracker: EventTracker) -> None:
    error = RuntimeError("mine")

    async def failing(scope: Any, receive: Any, send: Any) -> None:
        raise error

    with pytest.raises(RuntimeError) as caught:
        await ask_raising(SelfAwarenessMiddleware(failing))
    assert caught.value is error
    event = await only(tracker)
    assert event.error_details["type"] == "RuntimeError"
    assert event.error_details["place"].endswith(".<locals>.failing")


async def test_a_response_that_breaks_off_is_an_error(tracker: EventTracker) -> None:
    async def breaking(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await ask_raising(SelfAwarenessMiddleware(breaking))
    event = await only(tracker)
    assert (event.level, event.metadata["status"]) == (FrameworkEventLevel.ERROR, 200)
    total = tracker.requests.snapshot()["total"]
    assert (total["server_errors"], total["exceptions"], total["aborted"]) == (1, 1, 0)


async def test_a_cancelled_request_is_aborted_and_no_error(tracker: EventTracker) -> None:
    started = asyncio.Event()

    async def waiting(scope: Any, receive: Any, send: Any) -> None:
        started.set()
        await asyncio.sleep(60)

    task = asyncio.create_task(ask_raising(SelfAwarenessMiddleware(waiting)))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    total = tracker.requests.snapshot()["total"]
    assert (total["aborted"], total["errors"], total["in_flight"]) == (1, 0, 0)
    assert len(tracker) == 0


async def test_exceptions_are_grouped(tracker: EventTracker) -> None:
    app = make_app()
    for _ in range(3):
        await ask(app, "GET", "/boom")
    (group,) = tracker.exceptions.snapshot()
    assert (group["type"], group["count"]) == ("RuntimeError", 3)
    assert "test_middleware.py" in group["place"]
    (row,) = tracker.requests.snapshot()["routes"]
    assert (row["server_errors"], row["exceptions"]) == (3, 3)


async def test_validation_errors_say_what_kind_and_where(tracker: EventTracker) -> None:
    body = {"age": SECRET, "tags": {SECRET: SECRET}}
    await ask(make_app(), "POST", "/people", json=body)
    event = await only(tracker)
    assert event.error_details["count"] == 3
    kinds = {(one["in"], one["type"]) for one in event.error_details["errors"]}
    assert kinds == {("body", "missing"), ("body", "int_parsing")}


async def test_nothing_that_a_client_sent_is_kept(tracker: EventTracker) -> None:
    app = make_app(slow_request_ms=0.0001, record_success=True)
    await ask(app, "GET", f"/items/{SECRET}")
    await ask(app, "GET", f"/items/1?page={SECRET}")
    await ask(app, "GET", f"/{SECRET}")
    await ask(app, SECRET, "/ok")
    await ask(app, "GET", "/boom", params={"text": SECRET})
    await ask(app, "GET", "/ok", headers={"authorization": SECRET, "user-agent": SECRET})
    await ask(app, "GET", "/ok", headers={"cookie": f"a={SECRET}"})
    await ask(app, "POST", "/people", json={"age": SECRET, "tags": {SECRET: SECRET}})
    await ask(app, "POST", "/people", content=SECRET)
    events = [one.to_dict() for one in await tracker.get_events()]
    assert len(events) == 9
    kept = json.dumps([events, tracker.requests.snapshot(), tracker.exceptions.snapshot()])
    assert SECRET not in kept


async def test_what_is_marked_safe_is_kept(tracker: EventTracker) -> None:
    app = make_app(safe_fields=["page", "age"], safe_headers=["User-Agent"], record_success=True)
    await ask(app, "GET", "/items/1?page=7&other=8", headers={"user-agent": "me"})
    event = await only(tracker)
    assert event.metadata["params"] == {"page": "7"}
    assert event.metadata["headers"] == {"user-agent": "me"}
    await ask(app, "POST", "/people", json={"name": "n", "age": SECRET})
    (event, _) = await tracker.get_events()
    assert event.error_details["errors"][0]["field"] == "age"


async def test_exception_texts_on_request(tracker: EventTracker) -> None:
    await ask(make_app(exception_messages=True), "GET", "/boom?text=why")
    assert (await only(tracker)).error_details["message"] == "why"


async def test_ids_are_made_and_shown_to_the_application(tracker: EventTracker) -> None:
    response = await ask(make_app(), "GET", "/ok")
    assert response.headers["x-request-id"] == response.json()["request"]
    assert response.headers["traceparent"] == response.json()["trace"]
    version, trace, span, flags = response.headers["traceparent"].split("-")
    assert (version, len(trace), len(span), flags) == ("00", 32, 16, "01")
    assert current_request_id() is None


async def test_ids_are_taken_over(tracker: EventTracker) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    headers = {"x-request-id": "mine-1", "traceparent": f"00-{trace}-b7ad6b7169203331-00"}
    response = await ask(make_app(), "GET", "/ok", headers=headers)
    assert response.headers["x-request-id"] == "mine-1"
    returned = response.headers["traceparent"].split("-")
    assert returned[1] == trace
    assert returned[2] != "b7ad6b7169203331"
    assert returned[3] == "00"


@pytest.mark.parametrize(
    "traceparent",
    [
        "junk",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
    ],
)
async def test_a_bad_traceparent_starts_a_new_trace(
    tracker: EventTracker, traceparent: str
) -> None:
    response = await ask(make_app(), "GET", "/ok", headers={"traceparent": traceparent})
    assert "0af7651916cd43dd8448eb211c80319c" not in response.headers["traceparent"]
    assert len(response.headers["traceparent"]) == 55


@pytest.mark.parametrize("sent", ["two words", "a" * 129, "x\ty", "<script>"])
async def test_an_odd_request_id_is_replaced(tracker: EventTracker, sent: str) -> None:
    response = await ask(make_app(), "GET", "/ok", headers={"x-request-id": sent})
    assert len(response.headers["x-request-id"]) == 32


@pytest.mark.parametrize("path", ["/boom", "/status/500", "/nowhere", "/items/x"])
async def test_error_responses_have_ids(tracker: EventTracker, path: str) -> None:
    response = await ask(make_app(), "GET", path, headers={"x-request-id": "mine"})
    assert response.headers["x-request-id"] == "mine"
    assert response.headers["traceparent"]


async def test_a_custom_handler_of_exceptions_is_seen(tracker: EventTracker) -> None:
    app = make_app()

    @app.exception_handler(Exception)
    async def handle(request: Request, error: Exception) -> PlainTextResponse:
        return PlainTextResponse("sorry", 503)

    response = await ask(app, "GET", "/boom")
    assert (response.status_code, response.text) == (503, "sorry")
    assert response.headers["x-request-id"]
    event = await only(tracker)
    assert event.metadata["status"] == 503
    assert event.error_details["type"] == "RuntimeError"


async def test_an_id_that_the_application_sets_stays(tracker: EventTracker) -> None:
    app = FastAPI()
    add_selfawareness_middleware(app, request_id_header="X-Correlation-Id")

    @app.get("/")
    async def own() -> PlainTextResponse:
        return PlainTextResponse("", headers={"x-correlation-id": "own"})

    response = await ask(app, "GET", "/")
    assert response.headers.get_list("x-correlation-id") == ["own"]


async def test_responses_can_be_left_without_ids(tracker: EventTracker) -> None:
    response = await ask(make_app(response_headers=False), "GET", "/ok")
    assert set(response.headers) == {"content-length", "content-type"}


async def test_events_of_handlers_carry_the_request_id(tracker: EventTracker) -> None:
    response = await ask(make_app(), "GET", "/note")
    assert (await only(tracker)).metadata == {"request_id": response.headers["x-request-id"]}


async def test_excluded_paths_are_not_observed(tracker: EventTracker) -> None:
    app = make_app(exclude=["/boom", "/status/*"])
    response = await ask(app, "GET", "/boom")
    assert "x-request-id" not in response.headers
    await ask(app, "GET", "/status/404")
    assert len(tracker) == 0
    assert tracker.requests.snapshot()["total"]["count"] == 0
    await ask(app, "GET", "/boom/other")
    assert tracker.requests.snapshot()["total"]["count"] == 1


async def test_sampling_spares_events_not_counts(tracker: EventTracker) -> None:
    app = make_app(sample_rate=0)
    for path in ("/status/404", "/status/500", "/boom", "/items/x"):
        await ask(app, "GET", path)
    events = await tracker.get_events()
    assert [event.metadata["route"] for event in events] == ["/boom", "/status/{status}"]
    total = tracker.requests.snapshot()["total"]
    assert (total["count"], total["client_errors"], total["server_errors"]) == (4, 2, 2)


async def test_sampling_takes_a_share(tracker: EventTracker) -> None:
    app = make_app(sample_rate=0.5)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        for _ in range(200):
            await client.get("/status/404")
    assert 50 < len(tracker) < 150  # 7 standard deviations


async def test_requests_in_flight_are_known_by_route(tracker: EventTracker) -> None:
    app = make_app()
    waiting = asyncio.create_task(ask(app, "GET", "/slow"))
    await asyncio.sleep(0.02)
    snapshot = tracker.requests.snapshot()
    assert snapshot["total"]["in_flight"] == 1
    assert [(row["route"], row["in_flight"]) for row in snapshot["routes"]] == [("/slow", 1)]
    await waiting
    assert tracker.requests.snapshot()["total"]["in_flight"] == 0


async def test_a_fault_of_the_observation_is_not_the_clients(
    tracker: EventTracker, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise ZeroDivisionError

    app = make_app()
    await ask(app, "GET", "/ok")
    monkeypatch.setattr("pulpo_selfaware.report.route_source", broken)
    for _ in range(3):
        assert (await ask(app, "GET", "/ok")).status_code == 200
        assert (await ask(app, "GET", "/boom")).status_code == 500
    assert caplog.text.count("observing a request failed") == 1


async def test_it_works_as_an_ordinary_middleware(tracker: EventTracker) -> None:
    app = FastAPI()
    app.add_middleware(SelfAwarenessMiddleware, slow_request_ms=500)
    response = await ask(app, "GET", "/nowhere")
    assert response.headers["x-request-id"]
    assert (await only(tracker)).event_type is FrameworkEventType.API_REQUEST_ERROR
