"""What every application has: health, the catalogue, an OpenAPI document, a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pymongo import AsyncMongoClient

from pulpo_base.api import health_router
from pulpo_base.database import LocalMongod


async def test_health_with_a_database(client: httpx.AsyncClient) -> None:
    answer = await client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "name": "shop"}


async def ask_health(app: FastAPI) -> httpx.Response:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        return await client.get("/health")


async def test_health_before_a_database_is_connected() -> None:
    app = FastAPI()
    app.include_router(health_router())
    answer = await ask_health(app)
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "database": "not connected"}


async def test_health_while_the_database_hangs(tmp_path: Path) -> None:
    app = FastAPI()
    app.include_router(health_router(timeout=0.3))
    with LocalMongod(tmp_path / "db") as server:
        client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
            server.url, serverMonitoringMode="poll"
        )
        async with client:
            app.state.database = client["shop"]
            assert (await ask_health(app)).status_code == 200
            os.kill(server.pid, signal.SIGSTOP)
            try:
                # The signal needs a moment to stop every thread of the server.
                for _ in range(50):
                    start = time.monotonic()
                    answer = await ask_health(app)
                    assert time.monotonic() - start < 1
                    if answer.status_code != 200:
                        break
            finally:
                os.kill(server.pid, signal.SIGCONT)
            assert answer.status_code == 503
            assert answer.json() == {"status": "unavailable", "database": "no answer"}
            assert (await ask_health(app)).status_code == 200


async def test_the_catalogue(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/models")).json() == [{"name": "Customer"}]
    assert (await client.get("/api/operations")).json() == [{"name": "orders.place"}]


def test_openapi_describes_bodies_and_parameters(shop: FastAPI) -> None:
    schema = shop.openapi()
    models = schema["components"]["schemas"]
    create = models["OrderCreate"]
    assert create["required"] == ["number", "customer"]
    assert create["additionalProperties"] is False
    assert "required" not in models["OrderPatch"]
    assert not any("default" in item for item in models["OrderPatch"]["properties"].values())
    assert models["OrderPatch"].keys() & {"id", "created_at"} == set()
    assert models["CustomerRead"]["properties"]["label"]["description"] == "How to write to them"
    assert models["CustomerRead"]["properties"]["name"]["maxLength"] == 50
    assert models["CustomerRead"]["description"] == "Somebody who buys."
    assert models["CountryCreate"]["required"] == ["id"]
    assert not any("revision_id" in item.get("properties", {}) for item in models.values())
    body = schema["paths"]["/api/orders"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"]["$ref"].endswith("/OrderCreate")
    parameters = {
        item["name"]: item for item in schema["paths"]["/api/orders"]["get"]["parameters"]
    }
    assert parameters["status"]["schema"]["enum"] == ["open", "paid"]
    assert parameters["page_size"]["schema"]["maximum"] == 100
    assert {"customer", "discount__gte", "lines.sku", "due__lt", "status__in"} <= parameters.keys()


@pytest.fixture
def server(mongodb_url: str, database_name: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "PULPO_MONGODB_URL": mongodb_url,
        "PULPO_MONGODB_DATABASE": database_name,
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    command = [sys.executable, "-m", "uvicorn", "sampleshop.generated.generated_api:app"]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"],
        env=environment,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{url}/health").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) in (0, -signal.SIGTERM)


def test_a_fresh_process_answers(server: str) -> None:
    with httpx.Client(base_url=server) as client:
        body = {"name": "Ada", "email": "ada@example.org"}
        ada = client.post("/api/customers", json=body).json()
        order = client.post("/api/orders", json={"number": 1, "customer": ada["id"]}).json()
        assert (
            client.get(f"/api/orders?customer={ada['id']}").json()["items"][0]["id"] == order["id"]
        )
        assert client.patch(f"/api/orders/{order['id']}", json={"number": 2}).status_code == 200
        assert client.put(f"/api/customers/{ada['id']}", json=body).status_code == 200
        assert client.post("/api/customers", json=body).status_code == 409
        assert client.delete(f"/api/orders/{order['id']}").status_code == 204
        assert client.get("/api/orders").json()["total"] == 0
