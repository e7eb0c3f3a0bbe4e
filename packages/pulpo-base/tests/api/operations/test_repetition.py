"""`Idempotency-Key`: sent again, done once. `validate_only`: checked, and nothing done."""

import asyncio
import datetime as dt
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from beanie import Document, Indexed, Insert, before_event
from fastapi import HTTPException
from pymongo.errors import AutoReconnect, OperationFailure
from starlette.requests import Request

from pulpo_base.api import OperationRoute, Resource
from pulpo_base.api.writes import idempotency
from pulpo_base.database import connected, find_mongod

ADA = {"name": "Ada", "email": "ada@example.org"}
KEY = {"Idempotency-Key": "k-1"}
DRY = {"validate_only": "true"}


async def test_a_creation_is_done_once(client: httpx.AsyncClient) -> None:
    first = await client.post("/api/customers", json=ADA, headers=KEY)
    again = await client.post("/api/customers", json=ADA, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for name in ("etag", "location", "content-type"):
        assert again.headers[name] == first.headers[name]
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    other = await client.post("/api/customers", json=ADA | {"name": "Eve"}, headers=KEY)
    assert (other.status_code, other.json()["detail"]["code"]) == (422, "idempotency_key_reused")
    # A key belongs to one client and one path.
    for headers in ({"Authorization": "x"}, {"X-API-Key": "x"}):
        fresh = await client.post("/api/customers", json=ADA, headers=KEY | headers)
        assert fresh.status_code == 409
        assert "same email" in fresh.json()["detail"]
    assert (await client.post("/api/products", json={"title": "a"}, headers=KEY)).status_code == 201
    assert (await client.get("/api/customers:count")).json() == {"count": 1}


async def test_an_error_leaves_the_key_free(client: httpx.AsyncClient) -> None:
    taken = await client.post("/api/customers", json=ADA)
    path = taken.headers["location"]
    assert (await client.post("/api/customers", json=ADA, headers=KEY)).status_code == 409
    assert (await client.delete(path)).status_code == 204
    assert (await client.post("/api/customers", json=ADA, headers=KEY)).status_code == 201


@pytest.mark.parametrize("path", ["/api/customers", "/api/operations/sums.add"])
@pytest.mark.parametrize("key", ["", "x" * 256, "\x7f"])
async def test_keys_that_are_refused(client: httpx.AsyncClient, path: str, key: str) -> None:
    body: Any = [1] if "sums" in path else ADA
    answer = await client.post(path, json=body, headers={"Idempotency-Key": key})
    assert answer.status_code == 400


async def test_at_the_same_time_one_is_done(client: httpx.AsyncClient) -> None:
    bodies = [ADA] * 10
    answers = await asyncio.gather(
        *(client.post("/api/customers", json=body, headers=KEY) for body in bodies)
    )
    done = [answer for answer in answers if answer.status_code == 201]
    assert done
    busy = [answer for answer in answers if answer not in done]
    assert {answer.status_code for answer in busy} <= {409}
    codes = {answer.json()["detail"]["code"] for answer in busy}
    assert codes <= {"request_in_progress"}
    assert len({answer.content for answer in done}) == 1
    assert (await client.get("/api/customers:count")).json() == {"count": 1}


async def test_a_dead_request_is_taken_over(client: httpx.AsyncClient, shop: Any) -> None:
    assert (await client.post("/api/customers", json=ADA, headers=KEY)).status_code == 201
    records = shop.state.database["pulpo_idempotency"]
    now = dt.datetime.now(dt.UTC)
    await shop.state.database["customers"].delete_many({})
    await records.update_one({}, {"$set": {"state": "running", "at": now}})
    assert (await client.post("/api/customers", json=ADA, headers=KEY)).status_code == 409
    await records.update_one({}, {"$set": {"at": now - dt.timedelta(seconds=61)}})
    assert (await client.post("/api/customers", json=ADA, headers=KEY)).status_code == 201
    assert (await client.get("/api/customers:count")).json() == {"count": 1}
    indexes = await records.index_information()
    assert indexes["at_1"]["expireAfterSeconds"] == 86_400


async def test_who_lost_the_key_has_no_effect(
    client: httpx.AsyncClient, shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = idempotency._Claim.keep

    async def overtaken(self: Any, *args: Any) -> None:
        self._own["at"] = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
        await keep(self, *args)

    monkeypatch.setattr(idempotency._Claim, "keep", overtaken)
    answer = await client.post("/api/customers", json=ADA, headers=KEY)
    assert answer.status_code == 409
    assert (await client.get("/api/customers:count")).json() == {"count": 0}


async def test_operations_are_done_once(client: httpx.AsyncClient) -> None:
    await client.post("/api/customers", json=ADA)
    path, body = "/api/operations/orders.place", {"customer_email": ADA["email"], "number": 1}
    first = await client.post(path, json=body, headers=KEY)
    again = await client.post(path, json=body, headers=KEY)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
    other = await client.post(path, json=body | {"number": 2}, headers=KEY)
    assert other.status_code == 422
    assert (await client.get("/api/orders:count")).json() == {"count": 1}


PLACE = "/api/operations/orders.place"
ORDER = {"customer_email": ADA["email"], "number": 1}


async def count(client: httpx.AsyncClient) -> int:
    return int((await client.get("/api/orders:count")).json()["count"])


async def test_what_was_done_is_not_done_again_where_its_answer_cannot_be_kept(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await client.post("/api/customers", json=ADA)
    with monkeypatch.context() as patched:

        async def failing(*_: Any) -> None:
            raise AutoReconnect("gone")

        patched.setattr(idempotency._Claim, "keep", failing)
        first = await client.post(PLACE, json=ORDER, headers=KEY)
    assert first.status_code == 200
    assert "AutoReconnect: gone" in caplog.text
    again = await client.post(PLACE, json=ORDER, headers=KEY)
    assert (again.status_code, again.json()["detail"]["code"]) == (409, "request_in_progress")
    assert await count(client) == 1


async def test_a_client_that_goes_while_its_answer_is_kept(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.post("/api/customers", json=ADA)
    keep, keeping, kept = idempotency._Claim.keep, asyncio.Event(), asyncio.Event()

    async def slow(self: Any, *args: Any) -> None:
        keeping.set()
        await asyncio.sleep(0.05)
        await keep(self, *args)
        kept.set()

    monkeypatch.setattr(idempotency._Claim, "keep", slow)
    first = asyncio.create_task(client.post(PLACE, json=ORDER, headers=KEY))
    await keeping.wait()
    first.cancel()
    await asyncio.wait([first])
    await asyncio.wait_for(kept.wait(), 5)
    again = await client.post(PLACE, json=ORDER, headers=KEY)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert await count(client) == 1


async def test_an_operation_that_is_cut_off_may_have_been_done(
    client: httpx.AsyncClient, shop: Any
) -> None:
    path, body = "/api/operations/slow", {"seconds": 30}
    begun = asyncio.Event()

    async def slow(data: dict[str, int]) -> None:
        begun.set()
        await asyncio.sleep(data["seconds"])

    shop.router.routes.insert(0, OperationRoute(path, slow, methods=["POST"]))
    try:
        first = asyncio.create_task(client.post(path, json=body, headers=KEY))
        await asyncio.wait_for(begun.wait(), 5)
        first.cancel()
        await asyncio.wait([first])
        again = await client.post(path, json=body, headers=KEY)
        assert (again.status_code, again.json()["detail"]["code"]) == (409, "request_in_progress")
    finally:
        del shop.router.routes[0]


async def test_an_answer_that_is_too_long_to_keep(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "_MAX_BODY", 10)
    await client.post("/api/customers", json=ADA)
    assert (await client.post(PLACE, json=ORDER, headers=KEY)).status_code == 200
    again = await client.post(PLACE, json=ORDER, headers=KEY)
    assert (again.status_code, again.json()["detail"]["code"]) == (409, "answer_not_kept")
    assert await count(client) == 1


async def test_only_validated(client: httpx.AsyncClient) -> None:
    made = await client.post("/api/customers", json=ADA, headers=KEY)
    place, tag = made.headers["location"], made.headers["etag"]
    for method, path, body, status in [
        ("POST", "/api/customers", {"name": "Eve", "email": "eve@x.org"}, 200),
        ("POST", "/api/customers", ADA, 409),
        ("POST", "/api/customers", {"name": ""}, 422),
        ("PUT", place, {"name": "Eve", "email": "eve@x.org"}, 200),
        ("PATCH", place, {"age": 5}, 200),
        ("PATCH", place, {"age": -5}, 422),
        ("PATCH", "/api/customers/5eb7cf5a86d9755df3a6c593", {}, 404),
        ("DELETE", place, None, 204),
    ]:
        answer = await client.request(method, path, json=body, params=DRY, headers=KEY)
        assert answer.status_code == status, (method, path, answer.text)
        assert "etag" not in answer.headers
        assert "location" not in answer.headers
    stale = await client.patch(place, json={"age": 5}, params=DRY, headers={"If-Match": '"x"'})
    assert stale.status_code == 412
    patched = await client.patch(place, json={"age": 5}, params=DRY)
    assert patched.json()["age"] == 5
    for what, items, statuses in [
        ("create", [{"name": "Eve", "email": "eve@x.org"}, ADA, {}], [200, 409, 422]),
        ("patch", [{"id": made.json()["id"], "changes": {"age": 6}}], [200]),
        ("delete", [{"id": made.json()["id"]}], [204]),
    ]:
        answer = await client.post(f"/api/customers:bulk_{what}", json=items, params=DRY)
        assert [item["status"] for item in answer.json()["results"]] == statuses
    now = await client.get(place)
    assert (now.headers["etag"], now.json()) == (tag, made.json())
    assert (await client.get("/api/customers:count")).json() == {"count": 1}


async def test_only_validated_operations(client: httpx.AsyncClient) -> None:
    await client.post("/api/customers", json=ADA)
    path, body = "/api/operations/orders.place", {"customer_email": ADA["email"], "number": 1}
    answer = await client.post(path, json=body, params=DRY)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await client.post(path, json={"number": 0}, params=DRY)).status_code == 422
    assert (await client.get("/api/orders:count")).json() == {"count": 0}
    assert (
        await client.post(path, json=body, params={"validate_only": "false"})
    ).status_code == 200


async def test_a_typing_mistake_writes_nothing(client: httpx.AsyncClient) -> None:
    for query in ("validate_onyl=true", "validate_only=maybe", "validate_only=1&validate_only=0"):
        answer = await client.post(f"/api/customers?{query}", json=ADA)
        assert answer.status_code == 422, query
    assert (await client.get("/api/customers:count")).json() == {"count": 0}
    path = "/api/operations/sums.add?validate_only=1&validate_only=0"
    assert (await client.post(path, json=[1])).status_code == 422


class Ticket(Document):
    code: Indexed(str, unique=True)  # type: ignore[valid-type]

    @before_event(Insert)
    async def announce(self) -> None:
        await self.get_pymongo_collection().database["announced"].insert_one({"code": self.code})


def request(query: str = "") -> Request:
    scope = {"type": "http", "path": "/t", "method": "POST", "query_string": query.encode()}
    return Request({**scope, "headers": []})


class Counted(Document):
    code: str
    changes: int = 0

    @before_event(Insert)
    def note(self) -> None:
        self.changes += 1


async def test_a_transaction_that_is_tried_again_begins_anew(
    mongodb_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, tries = idempotency._Claim.keep, []

    async def transient(self: Any, *args: Any) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OperationFailure("x", 251, {"errorLabels": ["TransientTransactionError"]})
        await keep(self, *args)

    monkeypatch.setattr(idempotency._Claim, "keep", transient)
    async with connected(mongodb_url, database_name, [Counted]):
        counted = Resource(Counted)
        keyed = Request({**request().scope, "headers": [(b"idempotency-key", b"k")]})
        keyed._body = b"the body"
        document = await counted.new({"code": "a"})
        assert (await counted.create(document, keyed)).status_code == 201
        assert len(tries) == 3
        found = await Counted.find_one({})
        assert found is not None
        assert (found.changes, document.changes, document.id) == (1, 1, found.id)


async def test_a_rehearsal_runs_no_event_handlers(mongodb_url: str, database_name: str) -> None:
    async with connected(mongodb_url, database_name, [Ticket]) as database:
        tickets = Resource(Ticket)
        await tickets.create(await tickets.new({"code": "a"}), request("validate_only=1"))
        assert await database["announced"].count_documents({}) == 0
        await tickets.create(await tickets.new({"code": "a"}), request())
        assert await database["announced"].count_documents({}) == 1
        with pytest.raises(HTTPException, match="409"):
            await tickets.create(await tickets.new({"code": "a"}), request("validate_only=1"))


@pytest.fixture
def standalone(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(find_mongod()), "--port", str(port), "--dbpath", str(tmp_path)]
    server = subprocess.Popen([*command, "--bind_ip", "127.0.0.1"], stdout=subprocess.DEVNULL)
    try:
        yield f"mongodb://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


async def test_a_server_without_transactions(standalone: str) -> None:
    async with connected(standalone, "plain", [Ticket]) as database:
        tickets = Resource(Ticket)
        await tickets.create(await tickets.new({"code": "a"}), request("validate_only=1"))
        assert await Ticket.count() == 0
        keyed = Request({**request().scope, "headers": [(b"idempotency-key", b"k")]})
        keyed._body = b"the body"
        for _ in range(2):
            answer = await tickets.create(await tickets.new({"code": "b"}), keyed)
            assert answer.status_code == 201
        assert await database["announced"].count_documents({}) == 1
        found = await Ticket.find_one({})
        assert found is not None
        for act in (
            tickets.patch(found.id, {"code": "c"}, request("validate_only=1")),
            tickets.replace(found.id, {"code": "c"}, request("validate_only=1")),
            tickets.delete(found.id, request("validate_only=1")),
        ):
            await act
        assert [item.code async for item in Ticket.find({})] == ["b"]


def test_openapi_tells_of_both(shop: Any) -> None:
    paths = shop.openapi()["paths"]
    for path in ("/api/customers", "/api/operations/orders.place"):
        names = {item["name"] for item in paths[path]["post"]["parameters"]}
        assert {"Idempotency-Key", "validate_only"} <= names
    assert "204" in paths["/api/operations/orders.place"]["post"]["responses"]
