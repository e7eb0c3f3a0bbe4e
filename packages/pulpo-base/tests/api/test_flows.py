"""Flows over HTTP: shown, begun, asked for, cancelled, resumed."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from pulpo_base.api.run_views import is_visible
from pulpo_base.api.security.principals import PRINCIPAL, Principal

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


async def test_a_run_that_nobody_began_is_for_those_with_the_flows_permissions() -> None:
    scheduled = {"owner": "", "flow": "parcels", "permissions": ["parcels:send"]}
    other = {**scheduled, "owner": "api_key:2"}
    for permissions, sees in (({"parcels:send"}, True), ({"parcels:pack"}, False)):
        principal = Principal("api_key", "1", permissions=frozenset(permissions))
        token = PRINCIPAL.set(principal)
        try:
            assert is_visible(scheduled) is sees
            assert not is_visible(other)
            assert is_visible({**other, "owner": "api_key:1"})
            assert not is_visible({"owner": "", "operation": "a.b"})
        finally:
            PRINCIPAL.reset(token)
