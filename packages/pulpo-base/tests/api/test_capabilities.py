"""What a client may do, as user interfaces are told."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

from pulpo_base.api import capabilities_router
from pulpo_base.database.api_keys import ApiKeys
from pulpo_base.flows.definition import FlowDefinition
from pulpo_base.flows.plan import FlowPlan, FlowStep
from pulpo_base.runs.servers import remember_server
from pulpo_base.runs.working import Runs

sys.path.insert(0, str(Path(__file__).parent))
from guarded import (
    MODELS,
    OPERATIONS,
    Settings,
    application,
    asking,
    database_of,
    operations,
    people,
    router,
    vaults,
)

PATHS = {"Person": "/api/people", "Vault": "/api/vaults"}


# The routes of both models are in one router here: those that list vaults are the vaults'.
SERVED = (
    SimpleNamespace(RESOURCE=people, router=APIRouter()),
    SimpleNamespace(RESOURCE=vaults, router=router),
)


class Nothing(BaseModel):
    """What a flow takes and returns that takes and returns nothing."""


ROBBERY = FlowDefinition(
    FlowPlan(
        name="robbery",
        steps=(
            FlowStep("vaults.open", permissions=("vaults:open",)),
            FlowStep("vaults.break", after=("vaults.open",), permissions=("vaults:write",)),
        ),
    ),
    Nothing,
    Nothing,
)


@pytest.fixture
async def secured(mongodb_url: str, database_name: str) -> AsyncIterator[tuple[FastAPI, ApiKeys]]:
    async with database_of(mongodb_url, database_name) as database:
        app = application(Settings(auth="api_key"), database)
        models = [
            {
                "path": PATHS[item["name"]],
                "collection": PATHS[item["name"]].rpartition("/")[2],
                "description": "",
                "tags": [],
                **item,
            }
            for item in MODELS
        ]
        calls = [{"path": f"/api/operations/{item['name']}", **item} for item in OPERATIONS]
        app.include_router(
            capabilities_router(
                title="Bank",
                models=models,
                operations=calls,
                served=SERVED,
                endpoints=(operations,),
                flows={"robbery": ROBBERY},
                may_see_health=lambda request: "x-forwarded-for" not in request.headers,
            )
        )
        yield app, ApiKeys(database)


async def client_of(secured: tuple[FastAPI, ApiKeys], *permissions: str) -> httpx.AsyncClient:
    app, keys = secured
    _, key = await keys.create("test", permissions)
    return asking(app, key)


async def test_everything_for_who_may_do_everything(secured: tuple[FastAPI, ApiKeys]) -> None:
    async with await client_of(secured, "*") as client:
        found = (await client.get("/api/capabilities")).json()

    assert found["title"] == "Bank"
    assert [(item["name"], item["can_write"]) for item in found["models"]] == [
        ("Person", True),
        ("Vault", True),
    ]
    assert found["models"][0]["title_field"] == "name"
    assert [item["name"] for item in found["operations"]] == ["vaults.open", "vaults.break"]


async def test_only_what_is_permitted(secured: tuple[FastAPI, ApiKeys]) -> None:
    async with await client_of(secured, "vaults:read") as client:
        found = (await client.get("/api/capabilities")).json()
        vault = (await client.get("/api/capabilities/models/Vault")).json()
        person = await client.get("/api/capabilities/models/Person")
        opening = await client.get("/api/capabilities/operations/vaults.open")

    assert [(item["name"], item["can_write"]) for item in found["models"]] == [("Vault", False)]
    assert [item["name"] for item in found["operations"]] == ["vaults.break"]
    assert vault["links"] == {"owner": "Person"}
    assert person.status_code == opening.status_code == 403


async def test_health_is_for_whom_the_application_shows_it(
    secured: tuple[FastAPI, ApiKeys],
) -> None:
    async with await client_of(secured) as client:
        here = (await client.get("/api/capabilities")).json()
        forwarded = {"X-Forwarded-For": "10.0.0.1"}
        elsewhere = (await client.get("/api/capabilities", headers=forwarded)).json()

    assert (here["health"], elsewhere["health"]) == (True, False)


async def test_what_lists_and_forms_offer(secured: tuple[FastAPI, ApiKeys]) -> None:
    async with await client_of(secured, "*") as client:
        vault = (await client.get("/api/capabilities/models/Vault")).json()
        person = (await client.get("/api/capabilities/models/Person")).json()

        for field in vault["filters"]:
            answer = await client.get(f"/api/vaults?{field['name']}__null=false")
            assert answer.status_code == 200, field
        for name in vault["sorts"]:
            assert (await client.get(f"/api/vaults?sort={name}")).status_code == 200, name

    assert set(vault["schemas"]["create"]["properties"]) == {"label", "owner"}
    assert person["related"] == [{"name": "vaults", "model": "Vault"}]
    assert vault["fixed"] == ["id"]


async def test_what_refers_to_a_document_is_shown_to_who_may_read_it(
    secured: tuple[FastAPI, ApiKeys],
) -> None:
    async with await client_of(secured, "people:read") as client:
        person = (await client.get("/api/capabilities/models/Person")).json()

    assert person["related"] == []


async def test_what_an_operation_takes_and_returns(secured: tuple[FastAPI, ApiKeys]) -> None:
    async with await client_of(secured, "*") as client:
        opening = (await client.get("/api/capabilities/operations/vaults.open")).json()
        breaking = (await client.get("/api/capabilities/operations/vaults.break")).json()
        nothing = await client.get("/api/capabilities/operations/vaults.close")

    assert opening["inputs"]["required"] == ["vault"]
    assert opening["outputs"] == {"type": "string"}
    assert breaking == {"inputs": None, "outputs": None}
    assert nothing.status_code == 404


@pytest.mark.parametrize(
    ("permissions", "startable"),
    [(("*",), ["robbery"]), (("vaults:*",), ["robbery"]), (("vaults:open",), []), ((), [])],
)
async def test_flows_are_for_who_may_do_all_of_their_steps(
    secured: tuple[FastAPI, ApiKeys], permissions: tuple[str, ...], startable: list[str]
) -> None:
    async with await client_of(secured, *permissions) as client:
        found = (await client.get("/api/capabilities")).json()["flows"]

    assert [item["name"] for item in found] == startable
    assert all(item["steps"] == ["vaults.open", "vaults.break"] for item in found)


@pytest.mark.parametrize(
    ("known", "pages"),
    [
        ({}, "http://prefect:4200"),
        ({"PREFECT_API_URL": "http://127.0.0.1:4200/api"}, "http://127.0.0.1:4200"),
        ({"PREFECT_UI_URL": "https://flows.example.org/"}, "https://flows.example.org"),
    ],
)
async def test_where_prefect_shows_runs_is_said_to_who_may_start_flows(
    secured: tuple[FastAPI, ApiKeys],
    mongodb_url: str,
    database_name: str,
    monkeypatch: pytest.MonkeyPatch,
    known: dict[str, str],
    pages: str,
) -> None:
    for name in ("PREFECT_API_URL", "PREFECT_UI_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in known.items():
        monkeypatch.setenv(name, value)
    app = secured[0]
    app.state.runs = Runs(app.state.database, lambda _: {})
    async with await client_of(secured, "*") as all_, await client_of(secured) as none:
        before = (await all_.get("/api/capabilities/prefect")).json()
        await remember_server(
            mongodb_url, database_name, api_url="http://prefect:4200/api", pool="shop"
        )
        after = (await all_.get("/api/capabilities/prefect")).json()
        others = (await none.get("/api/capabilities/prefect")).json()

    assert (before, after, others) == ({"pages": None}, {"pages": pages}, {"pages": None})
