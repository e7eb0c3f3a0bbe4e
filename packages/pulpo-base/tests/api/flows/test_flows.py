"""Flows over HTTP: shown, begun, asked for, cancelled, resumed."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from pymongo import AsyncMongoClient

from pulpo_base.api.runs.views import visible
from pulpo_base.api.security.principals import PRINCIPAL, Principal
from pulpo_base.runs.records import RunRecords

PATH = "/api/flows/parcels/runs"


async def begun(client: httpx.AsyncClient, **parameters: Any) -> str:
    answer = await client.post(PATH, json=parameters)
    assert answer.status_code == 202, answer.text
    return answer.headers["location"]


async def ended(client: httpx.AsyncClient, location: str) -> dict[str, Any]:
    async with asyncio.timeout(10):
        while True:
            found: dict[str, Any] = (await client.get(location)).json()
            if found["state"] != "running":
                return found
            await asyncio.sleep(0.02)


def states(run: dict[str, Any]) -> list[str]:
    return [step["state"] for step in run["steps"]]


async def test_a_flow_is_shown_with_all_that_a_page_needs(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/api/flows")).json()
    shown = (await client.get("/api/flows/parcels")).json()

    assert listed == [shown]
    assert shown["requires_parameters"] is True
    assert shown["parameters"]["required"] == ["weight"]
    assert [(step["operation"], step["level"]) for step in shown["steps"]] == [
        ("parcels.pack", 0),
        ("parcels.send", 1),
    ]
    sources = {one["field"]: (one["step"], one["name"]) for one in shown["steps"][1]["bindings"]}
    assert sources["parcel"] == ("parcels.pack", "parcel")
    assert sources["weight"] == ("", "weight")
    assert (await client.get("/api/flows/parcel")).status_code == 404


async def test_a_run_ends_with_its_result(client: httpx.AsyncClient) -> None:
    done = await ended(client, await begun(client, weight=2))

    assert (done["state"], done["flow"], done["engine"]) == ("succeeded", "parcels", "local")
    assert done["result"] == {"pack": {"parcel": "P-2"}, "send": {"parcel": "P-2"}}
    assert done["parameters"] == {"weight": 2}
    assert states(done) == ["succeeded", "succeeded"]
    listed = (await client.get("/api/runs", params={"flow": "parcels"})).json()["items"]
    assert [run["id"] for run in listed] == [done["id"]]
    assert listed[0]["result"] is None
    assert (await client.get("/api/runs?flow=other")).json()["items"] == []


@pytest.mark.parametrize("body", [{}, {"weight": 0}, {"weight": 1, "wieght": 1}])
async def test_parameters_are_checked_before_anything_runs(
    client: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    assert (await client.post(PATH, json=body)).status_code == 422
    assert (await client.get("/api/runs")).json()["items"] == []


async def test_one_key_begins_one_run(client: httpx.AsyncClient) -> None:
    answers = [
        await client.post(PATH, json={"weight": 1}, headers={"Idempotency-Key": "once"})
        for _ in range(2)
    ]

    assert answers[0].headers["location"] == answers[1].headers["location"]
    checked = await client.post(f"{PATH}?validate_only=true", json={"weight": 1})
    assert checked.status_code == 204
    assert len((await client.get("/api/runs")).json()["items"]) == 1


async def test_what_failed_is_done_again(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = await ended(client, await begun(client, weight=50))

    assert failed["state"] == "failed"
    assert failed["problem"] == {"status": 409, "detail": "too heavy", "operation": "parcels.send"}
    assert states(failed) == ["succeeded", "failed"]
    assert failed["steps"][1]["input"] == {"parcel": "P-50", "weight": 50}

    again = await client.post(f"/api/runs/{failed['id']}/resume")
    assert again.status_code == 202
    still = await ended(client, again.headers["location"])
    assert (still["state"], states(still)) == ("failed", ["kept", "failed"])

    monkeypatch.setattr("sampleshop.generated.flows.too_heavy", 100.0)
    again = await client.post(f"/api/runs/{still['id']}/resume")
    done = await ended(client, again.headers["location"])
    assert (done["state"], states(done)) == ("succeeded", ["kept", "succeeded"])
    assert done["root"] == failed["id"]

    changed = await client.post(f"/api/runs/{failed['id']}/resume", json={"weight": "x"})
    assert changed.status_code == 422
    assert (await client.post("/api/runs/nothing/resume")).status_code == 404


async def test_a_flow_is_cancelled_with_its_steps(client: httpx.AsyncClient) -> None:
    location = await begun(client, weight=1, seconds=60)
    assert (await client.post(f"{location}/resume")).status_code == 409
    async with asyncio.timeout(10):
        while True:
            if states((await client.get(location)).json())[1] == "running":
                break
            await asyncio.sleep(0.02)

    stopped = (await client.post(f"{location}/cancel")).json()

    assert (stopped["state"], states(stopped)) == ("cancelled", ["succeeded", "cancelled"])


async def test_a_run_is_for_who_began_it_and_one_of_nobody_for_those_with_its_permissions(
    mongodb_url: str, database_name: str
) -> None:
    async with AsyncMongoClient[dict[str, Any]](mongodb_url) as mongo:
        records = RunRecords(mongo[database_name], "w", 30)
        wanted = ["parcels:send", "stock:a:b"]
        await records.add("", "", name="nobody's", flow="parcels", permissions=wanted)
        await records.add("", "api_key:2", name="other's", flow="parcels", permissions=wanted)
        await records.add("", "api_key:1", name="own", flow="parcels", permissions=wanted)
        await records.add("a.b", "", name="operation")

        async def seen(*permissions: str) -> set[str]:
            principal = Principal("api_key", "1", permissions=frozenset(permissions))
            token = PRINCIPAL.set(principal)
            try:
                found = await records.listed(visible(), limit=9)
            finally:
                PRINCIPAL.reset(token)
            names = {record["_id"] for record in found}
            # The two ways to ask say the same.
            assert principal.may(wanted) is ("nobody's" in names)
            return names

        for permissions in (["parcels:send", "stock:a:b"], ["parcels:*", "stock:a:*"], ["*"]):
            assert await seen(*permissions) == {"nobody's", "own"}
        for permissions in ([], ["parcels:send"], ["parcels:send", "stock:b:*"], ["parcel*"]):
            assert await seen(*permissions) == {"own"}


async def test_runs_are_listed_page_by_page(client: httpx.AsyncClient) -> None:
    locations = [await begun(client, weight=1) for _ in range(3)]

    first = (await client.get("/api/runs?limit=2")).json()
    second = (await client.get("/api/runs", params={"limit": 2, "after": first["next"]})).json()

    ids = [run["id"] for page in (first, second) for run in page["items"]]
    assert [f"/api/runs/{id_}" for id_ in ids] == locations[::-1]
    assert second["next"] is None
    assert (await client.get("/api/runs?after=nonsense")).status_code == 422


async def test_two_do_not_resume_one_run(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = await ended(client, await begun(client, weight=50, seconds=0))
    monkeypatch.setattr("sampleshop.generated.flows.too_heavy", 100.0)
    path = f"/api/runs/{failed['id']}/resume"

    answers = await asyncio.gather(*(client.post(path, json={"seconds": 60}) for _ in range(2)))

    refused, begun_ = sorted(answers, key=lambda answer: -answer.status_code)
    assert (refused.status_code, begun_.status_code) == (409, 202)
    assert "another run resumes the same one" in refused.text
    await client.post(f"{begun_.headers['location']}/cancel")
