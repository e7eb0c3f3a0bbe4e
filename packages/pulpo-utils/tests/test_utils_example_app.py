"""The example application over HTTP, in process and on a socket."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from pulpo_utils.testing import problem_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


EXAMPLE = Path(__file__).parents[1] / "examples" / "shop.py"


def load_example() -> Any:
    spec = spec_from_file_location("pulpo_utils_example_shop", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def client_of(app: Any, *, raising: bool = False) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=raising)
    return httpx.AsyncClient(transport=transport, base_url="http://test")


@pytest.fixture(scope="module")
def example_server() -> Iterator[str]:
    """The example on a socket, where uvicorn is installed."""
    uvicorn = pytest.importorskip("uvicorn")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = load_example().app
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="critical", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    assert server.started
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(params=["in process", "socket"])
async def shop(request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    if request.param == "socket":
        url = request.getfixturevalue("example_server")
        async with httpx.AsyncClient(base_url=url) as client:
            yield client
    else:
        async with client_of(load_example().app) as client:
            yield client


async def test_the_example_answers_what_works(shop: httpx.AsyncClient) -> None:
    assert (await shop.get("/products/tea")).json() == {"left": 3}
    response = await shop.post("/orders", json={"lines": [{"sku": "tea", "quantity": 1}]})
    assert (response.status_code, response.json()) == (201, {"status": "accepted"})


async def test_the_example_answers_problems(shop: httpx.AsyncClient) -> None:
    missing = problem_of(await shop.get("/products/none"), 404)
    assert (missing["type"], missing["code"]) == ("about:blank", "not_found")
    assert missing["detail"] == "There is no such product."
    line = {"sku": "cup", "quantity": 1}
    sold_out = problem_of(await shop.post("/orders", json={"lines": [line]}), 409)
    assert (sold_out["code"], sold_out["title"]) == ("sold_out", "Sold out")
    limited = await shop.post("/orders", json={"lines": [line] * 11})
    assert problem_of(limited, 429)["code"] == "rate_limit_exceeded"
    assert limited.headers["retry-after"] == "2"
    problem_of(await shop.get("/nowhere"), 404)
    wrong = await shop.delete("/orders")
    assert problem_of(wrong, 405)["code"] == "method_not_allowed"
    assert wrong.headers["allow"] == "POST"


async def test_the_example_points_at_what_is_wrong(shop: httpx.AsyncClient) -> None:
    body = {"lines": [{"sku": "tea", "quantity": 1}, {"sku": "x", "quantity": 0}, {}]}
    problem = problem_of(await shop.post("/orders", json=body), 422)
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [
        ("#/lines/1/sku", "string_too_short"),
        ("#/lines/1/quantity", "greater_than_equal"),
        ("#/lines/2/sku", "missing"),
        ("#/lines/2/quantity", "missing"),
    ]


async def test_the_example_hides_a_bug_and_keeps_the_headers(
    shop: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"Origin": "http://elsewhere.example", "X-Request-ID": "req-1"}
    with caplog.at_level(logging.ERROR, "pulpo_utils.problems"):
        response = await shop.get("/broken", headers=headers)
    problem = problem_of(response, 500)
    assert "rack" not in response.text
    assert problem["request_id"] == "req-1"
    assert problem["instance"] == "urn:request:req-1"
    assert response.headers["access-control-allow-origin"] == "*"
    assert "request_id=req-1" in caplog.text
    assert "rack 3" in caplog.text, "the log has what the client must not see"


async def test_the_example_answers_for_a_lost_database(shop: httpx.AsyncClient) -> None:
    response = await shop.get("/database")
    assert problem_of(response, 503)["code"] == "database_unavailable"
    assert response.headers["retry-after"] == "5"
    assert "s3cret" not in response.text
    assert "db.internal" not in response.text


async def test_every_response_is_documented(shop: httpx.AsyncClient) -> None:
    schema = (await shop.get("/openapi.json")).json()
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            responses = operation["responses"]
            assert "default" in responses, path
            for status, response in responses.items():
                if status.startswith("2"):
                    continue
                content = response["content"]
                assert list(content) == ["application/problem+json"], (path, status)
                reference = content["application/problem+json"]["schema"]["$ref"]
                assert reference == "#/components/schemas/ProblemDetails"
    order = schema["paths"]["/orders"]["post"]["responses"]
    assert {"201", "409", "422", "429", "500", "default"} == set(order)
    assert "HTTPValidationError" not in json.dumps(schema)
    document = schema["components"]["schemas"]["ProblemDetails"]
    answer = problem_of(await shop.get("/nowhere"), 404)
    assert set(answer) <= set(document["properties"])
    assert set(document["required"]) <= set(answer)
