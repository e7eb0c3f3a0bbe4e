"""Operations that run on after their request was answered."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest.mock import AsyncMock

import httpx
import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import AutoReconnect
from starlette.exceptions import HTTPException

from pulpo_base.api import background_runs
from pulpo_base.api.security.principals import PRINCIPAL, Principal
from pulpo_base.runs.records import RunRecords

PATH = "/api/operations/orders.wait"
ADA = {"name": "Ada", "email": "ada@example.org"}


async def begun(client: httpx.AsyncClient, **data: Any) -> str:
    answer = await client.post(PATH, json=data)
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "running"
    return answer.headers["location"]


async def ended(client: httpx.AsyncClient, location: str) -> dict[str, Any]:
    async with asyncio.timeout(10):
        while True:
            answer = await client.get(location)
            assert answer.status_code == 200
            found: dict[str, Any] = answer.json()
            if found["state"] != "running":
                assert "retry-after" not in answer.headers
                return found
            assert answer.headers["retry-after"] == "1"
            await asyncio.sleep(0.02)


async def test_the_result_is_asked_for_where_location_says(client: httpx.AsyncClient) -> None:
    ada = (await client.post("/api/customers", json=ADA)).json()

    found = await ended(client, await begun(client, seconds=0.05))

    assert found["state"] == "succeeded"
    assert found["operation"] == "orders.wait"
    assert found["result"]["id"] == ada["id"]
    assert "_id" not in found["result"]
    assert found["created_at"] <= found["finished_at"]
    assert (found["problem"], found["cancelling"]) == (None, False)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"fail": "expected"}, {"status": 409, "detail": "not now"}),
        ({"fail": "secret words"}, {"status": 500, "title": "Internal Server Error"}),
    ],
)
async def test_a_failure_is_a_problem(
    client: httpx.AsyncClient, data: dict[str, Any], problem: dict[str, Any]
) -> None:
    found = await ended(client, await begun(client, **data))

    assert (found["state"], found["result"]) == ("failed", None)
    assert problem.items() <= found["problem"].items()
    assert "secret" not in str(found)


async def test_what_cannot_begin_is_refused_at_once(client: httpx.AsyncClient) -> None:
    assert (await client.post(PATH, json={"seconds": -1})).status_code == 422
    checked = await client.post(f"{PATH}?validate_only=true", json={})
    assert checked.status_code == 204
    assert (await client.get("/api/runs/nothing")).status_code == 404
    assert (await client.post("/api/runs/nothing/cancel")).status_code == 404


async def test_a_run_is_cancelled(client: httpx.AsyncClient) -> None:
    location = await begun(client, seconds=60)

    answer = await client.post(f"{location}/cancel")
    again = await client.post(f"{location}/cancel")

    assert answer.status_code == again.status_code == 200
    assert answer.json()["state"] == again.json()["state"] == "cancelled"


async def test_to_others_a_run_does_not_exist(client: httpx.AsyncClient) -> None:
    PRINCIPAL.set(Principal("api_key", "ada"))
    location = await begun(client, seconds=60)

    PRINCIPAL.set(Principal("api_key", "bob"))
    assert (await client.get(location)).status_code == 404
    assert (await client.post(f"{location}/cancel")).status_code == 404

    PRINCIPAL.set(Principal("api_key", "ada"))
    assert (await client.get(location)).json()["state"] == "running"
    assert (await client.post(f"{location}/cancel")).json()["state"] == "cancelled"


async def test_cancelling_what_has_ended_changes_nothing(client: httpx.AsyncClient) -> None:
    location = await begun(client)
    before = await ended(client, location)

    assert (await client.post(f"{location}/cancel")).json() == before


async def test_a_key_begins_one_run(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "one"}
    first, again = [await client.post(PATH, json={}, headers=headers) for _ in range(2)]

    assert first.headers["location"] == again.headers["location"]
    assert again.headers["idempotent-replayed"] == "true"


async def test_every_process_answers_and_cancels(
    client: httpx.AsyncClient, mongodb_url: str, database_name: str
) -> None:
    location = await begun(client, seconds=60)
    async with (
        AsyncMongoClient[dict[str, Any]](mongodb_url) as mongo,
        background_runs(mongo[database_name], beat=0.05) as other,
    ):
        asked = await other.cancel(location.rpartition("/")[2])
    assert asked is not None
    assert (asked["state"], asked["cancelling"]) == ("running", True)
    assert (await ended(client, location))["state"] == "cancelled"


async def silenced(database: Any, name: str) -> None:
    """Have a run look as if its process had not said a word for half a minute."""
    aged = {"$set": {"alive_at": {"$subtract": ["$$NOW", 31_000]}}}
    await database["pulpo_runs"].update_one({"_id": name}, [aged])


async def test_what_a_dead_process_left_behind_fails(mongodb_url: str, database_name: str) -> None:
    async with AsyncMongoClient[dict[str, Any]](mongodb_url) as mongo:
        database = mongo[database_name]
        lost = await RunRecords(database, "elsewhere:1:x", lease=30).add("a.b", "")
        other = RunRecords(database, "elsewhere:2:x", lease=30)
        alive = await other.add("a.b", "")
        await silenced(database, lost["_id"])

        async with background_runs(database, beat=0.05, lease=1) as runs, asyncio.timeout(20):
            while (found := await runs.find(lost["_id"])) and found["state"] == "running":
                await other.alive()
                await asyncio.sleep(0.05)
            still = await runs.find(alive["_id"])
    assert found is not None
    assert still is not None
    assert (found["state"], still["state"]) == ("failed", "running")
    assert found["problem"]["code"] == "run_interrupted"


async def test_whoever_is_back_first_after_an_outage_fails_nobodys_runs(
    mongodb_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncMongoClient[dict[str, Any]](mongodb_url) as mongo:
        database = mongo[database_name]
        other = RunRecords(database, "elsewhere:1:x", lease=30)
        name = (await other.add("a.b", ""))["_id"]
        async with background_runs(database, beat=0.02, lease=0.6) as runs:

            async def state_after(seconds: float, *, beats: bool) -> str:
                until = asyncio.get_running_loop().time() + seconds
                while asyncio.get_running_loop().time() < until:
                    if beats:
                        await other.alive()
                    await asyncio.sleep(0.02)
                found = await runs.find(name)
                assert found is not None
                return str(found["state"])

            assert await state_after(1.0, beats=True) == "running"
            with monkeypatch.context() as away:
                away.setattr(runs.records, "workers", AsyncMock(side_effect=AutoReconnect))
                await state_after(0.3, beats=False)
                await silenced(database, name)
            # The process that works on it comes back a moment later than this one.
            assert await state_after(0.3, beats=False) == "running"
            assert await state_after(1.0, beats=True) == "running"
            assert await state_after(1.5, beats=False) == "failed"


async def test_a_run_that_is_done_when_its_process_ends_is_no_interrupted_one(
    mongodb_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(_run: str) -> str:
        return '"done"'

    async with AsyncMongoClient[dict[str, Any]](mongodb_url) as mongo:
        async with background_runs(mongo[database_name]) as runs:
            finish, finishing = runs.records.finish, asyncio.Event()

            async def slowly(*args: Any, **values: Any) -> None:
                finishing.set()
                await asyncio.sleep(0.2)
                await finish(*args, **values)

            monkeypatch.setattr(runs.records, "finish", slowly)
            name = (await runs.start("a.b", work))["_id"]
            await finishing.wait()
        found = await runs.find(name)
    assert found is not None
    assert (found["state"], found["result"]) == ("succeeded", '"done"')


class Wordless(Exception):  # noqa: N818 - it is what its name says
    def __str__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (
            HTTPException(409, "cannot read \udc80"),
            {"status": 409, "detail": "cannot read \\udc80"},
        ),
        (HTTPException(409, {1 << 70: object}), {"status": 409}),  # type: ignore[arg-type]
        (Wordless(), {"status": 500, "title": "Wordless"}),
    ],
)
async def test_a_run_ends_whatever_its_error_says(
    error: Exception, problem: dict[str, Any], mongodb_url: str, database_name: str
) -> None:
    async def work(_run: str) -> str:
        raise error

    def told(error: BaseException) -> dict[str, Any]:
        if isinstance(error, HTTPException):
            return {"status": error.status_code, "detail": error.detail}
        return {"title": str(error)}

    async with (
        AsyncMongoClient[dict[str, Any]](mongodb_url) as mongo,
        background_runs(mongo[database_name], told) as runs,
    ):
        name = (await runs.start("a.b", work))["_id"]
        async with asyncio.timeout(10):
            await runs.ended(name)
        found = await runs.find(name)
    assert found is not None
    assert found["state"] == "failed"
    assert found["problem"].items() >= problem.items()


async def test_a_run_whose_result_cannot_be_stored_has_failed(
    mongodb_url: str, database_name: str
) -> None:
    async def half(_run: str) -> str:
        return '"\udc80"'

    async with (
        AsyncMongoClient[dict[str, Any]](mongodb_url) as mongo,
        background_runs(mongo[database_name]) as runs,
    ):
        name = (await runs.start("a.b", half))["_id"]
        async with asyncio.timeout(10):
            await runs.ended(name)
        found = await runs.find(name)
    assert found is not None
    assert (found["state"], found["problem"]["code"]) == ("failed", "run_not_kept")


async def test_a_result_that_is_too_large_is_a_failure(
    mongodb_url: str, database_name: str
) -> None:
    async def large(_run: str) -> str:
        return f'"{"ä" * 8_500_000}"'  # 8.5 million characters, 17 MB

    async with (
        AsyncMongoClient[dict[str, Any]](mongodb_url) as mongo,
        background_runs(mongo[database_name]) as runs,
    ):
        name = (await runs.start("a.b", large))["_id"]
        async with asyncio.timeout(10):
            await runs.ended(name)
        found = await runs.find(name)
    assert found is not None
    assert (found["state"], found["problem"]["code"]) == ("failed", "result_too_large")


async def test_what_is_going_on_when_the_process_ends_fails_and_says_so(
    mongodb_url: str, database_name: str
) -> None:
    async def long(_run: str) -> str:
        await asyncio.sleep(60)
        return "1"

    async with AsyncMongoClient[dict[str, Any]](mongodb_url) as mongo:
        async with background_runs(mongo[database_name]) as runs:
            name = (await runs.start("a.b", long))["_id"]
        async with background_runs(mongo[database_name]) as later:
            found = await later.find(name)
    assert found is not None
    assert (found["state"], found["problem"]["code"]) == ("failed", "run_interrupted")


def test_openapi_says_what_a_run_is(shop: Any) -> None:
    schema = shop.openapi()
    responses = schema["paths"][PATH]["post"]["responses"]

    assert "Location" in responses["202"]["headers"]
    name = responses["202"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    result = schema["components"]["schemas"][name]["properties"]["result"]["anyOf"]
    assert {"$ref": "#/components/schemas/CustomerRead"} in result
    assert {"get", "post"} == {
        *schema["paths"]["/api/runs/{id}"],
        *schema["paths"]["/api/runs/{id}/cancel"],
    }


async def test_a_run_that_is_asked_to_stop_cleans_up_undisturbed(
    mongodb_url: str, database_name: str
) -> None:
    began, cleaned = asyncio.Event(), asyncio.Event()

    async def careful(_run: str) -> str:
        try:
            began.set()
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.3)  # several beats
            cleaned.set()
        return "1"

    async with (
        AsyncMongoClient[dict[str, Any]](mongodb_url) as mongo,
        background_runs(mongo[database_name], beat=0.02) as runs,
    ):
        name = (await runs.start("a.b", careful))["_id"]
        await began.wait()
        found = await runs.cancel(name)
    assert cleaned.is_set()
    assert found is not None
    assert found["state"] == "cancelled"


async def test_a_cancellation_that_a_driver_forgets_keeps_no_process(
    mongodb_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, forgotten = asyncio.Event(), asyncio.Event()

    async def workers(_: RunRecords) -> list[str]:
        asked.set()
        try:
            await asyncio.sleep(0.3)
        except asyncio.CancelledError:
            # As `asyncio.wait_for` of Python 3.11 does, now and then.
            if forgotten.is_set():
                raise
            forgotten.set()
        return []

    async with (
        asyncio.timeout(5),
        AsyncMongoClient[dict[str, Any]](mongodb_url) as mongo,
        background_runs(mongo[database_name], beat=0.01),
    ):
        monkeypatch.setattr(RunRecords, "workers", workers)
        await asked.wait()
