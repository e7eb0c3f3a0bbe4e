"""Problem documents over HTTP: the example application, and applications made for one case."""

from __future__ import annotations

import json
import logging
import re
import socket
import threading
import time
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException
from fastapi.exceptions import RequestValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, Field, create_model, field_validator
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import StreamingResponse
from starlette.routing import Route

from pulpo_utils.asgi import RequestContextMiddleware
from pulpo_utils.exceptions import AuthenticationError, ProcessingError, ScrapingError
from pulpo_utils.problems import Problem, install_problem_handlers, problem_responses

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

EXAMPLE = Path(__file__).parents[1] / "examples" / "shop.py"
MARK = "zqzqzq-9137"


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


def problem_of(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["status"] == status
    assert {"type", "title", "status", "detail", "instance", "code"} <= set(document)
    assert document["request_id"] == response.headers["x-request-id"]
    return document


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
    deadline = time.monotonic() + 10
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


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    legs: int


class Strict(BaseModel):
    model_config = {"extra": "forbid"}

    number: int = 0
    text: str = Field("", max_length=3, pattern="^[a-c]*$")
    own: str = ""
    asserted: str = ""
    unique: Any = None
    when: AwareDatetime | None = None
    choice: Literal["a", "b"] = "a"
    pet: Annotated[Cat | Dog, Field(discriminator="kind")] | None = None
    either: int | list[int] = 0
    a_b: int = Field(0, alias="a/b~")
    nested: dict[str, list[int]] = {}

    @field_validator("own")
    @classmethod
    def reject(cls, value: str) -> str:
        if value:
            raise ValueError(f"{value} is not allowed, nor is '{value}'")
        return value

    @field_validator("asserted")
    @classmethod
    def insist(cls, value: str) -> str:
        assert not value, f"got {value!r}"
        return value


def strict_app() -> FastAPI:
    app = FastAPI()

    @app.post("/strict")
    async def strict(
        body: Strict, limit: int = 0, x_level: Annotated[int, Header()] = 0
    ) -> dict[str, str]:
        return {}

    @app.get("/items/{item_id}")
    async def item(item_id: int) -> dict[str, str]:
        return {}

    install_problem_handlers(app)
    return app


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"number": MARK}, "#/number"),
        ({"text": MARK}, "#/text"),
        ({"own": MARK}, "#/own"),
        ({"asserted": MARK}, "#/asserted"),
        ({"when": MARK}, "#/when"),
        ({"choice": MARK}, "#/choice"),
        ({"pet": {"kind": MARK}}, "#/pet"),
        ({"pet": {"kind": "cat", "lives": MARK}}, "#/pet/lives"),
        ({"pet": {"kind": "dog"}}, "#/pet/legs"),
        ({"a/b~": MARK}, "#/a~1b~0"),
        ({"nested": {"x y": [1, MARK]}}, "#/nested/x%20y/1"),
        ([MARK], "#"),
        (MARK, "#"),
        ({"unheard_of": MARK}, "#/unheard_of"),
    ],
    ids=str,
)
async def test_rejected_values_are_never_echoed(body: Any, pointer: str) -> None:
    async with client_of(strict_app()) as client:
        response = await client.post("/strict", json=body)
    problem = problem_of(response, 422)
    assert MARK not in response.text
    assert "9137" not in response.text
    assert pointer in {error["pointer"] for error in problem["errors"]}
    assert all(set(error) == {"pointer", "in", "detail", "code"} for error in problem["errors"])
    assert {error["in"] for error in problem["errors"]} == {"body"}


async def test_parameters_are_located_without_their_values() -> None:
    async with client_of(strict_app()) as client:
        response = await client.post(
            f"/strict?limit={MARK}", json={}, headers={"X-Level": MARK, "X-Request-ID": "r"}
        )
        path = await client.get(f"/items/{MARK}")
    errors = problem_of(response, 422)["errors"]
    assert [(error["in"], error["pointer"]) for error in errors] == [
        ("query", "#/limit"),
        ("header", "#/x-level"),
    ]
    assert MARK not in response.text
    assert MARK not in path.text
    assert [error["in"] for error in problem_of(path, 422)["errors"]] == ["path"]


@pytest.mark.parametrize("content", [b"{", b"", b"\xff", b'{"number": }', MARK.encode()])
async def test_a_body_that_is_no_json(content: bytes) -> None:
    async with client_of(strict_app()) as client:
        response = await client.post(
            "/strict", content=content, headers={"Content-Type": "application/json"}
        )
    assert response.status_code in {400, 422}
    assert MARK not in problem_of(response, response.status_code)


@settings(max_examples=60, deadline=None)
@given(
    field=st.sampled_from(["number", "own", "asserted", "choice", "when", "pet", "nested"]),
    value=st.text(alphabet="äß{}%'\"\\\n<>&zq0", min_size=4, max_size=12),
)
def test_no_text_is_echoed_whatever_it_is(field: str, value: str) -> None:
    import asyncio

    async def post() -> httpx.Response:
        async with client_of(strict_app()) as client:
            return await client.post("/strict", json={field: value})

    response = asyncio.run(post())
    if response.status_code == 200:
        return
    details = [error["detail"] for error in problem_of(response, 422)["errors"]]
    assert all(value not in detail for detail in details)


def app_raising(error: BaseException | type[BaseException], **options: Any) -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def fail() -> None:
        raise error

    install_problem_handlers(app, **options)
    return app


async def answer_to(app: Any, path: str = "/", **headers: str) -> httpx.Response:
    async with client_of(app) as client:
        return await client.get(path, headers=headers)


async def test_an_unforeseen_error_is_raised_on_for_the_server_to_see() -> None:
    async with client_of(app_raising(RuntimeError("bug")), raising=True) as client:
        with pytest.raises(RuntimeError, match="bug"):
            await client.get("/")


async def test_a_foreseen_error_is_not_raised_on() -> None:
    cls = type("DuplicateKeyError", (Exception,), {"__module__": "pymongo.errors"})
    async with client_of(app_raising(cls("x")), raising=True) as client:
        problem_of(await client.get("/"), 409)
    async with client_of(app_raising(ProcessingError("x")), raising=True) as client:
        problem_of(await client.get("/"), 500)


async def test_a_401_says_how_to_authenticate() -> None:
    response = await answer_to(app_raising(AuthenticationError("who?")))
    assert response.headers["www-authenticate"] == "Bearer"
    response = await answer_to(app_raising(AuthenticationError("who?"), authenticate="Basic"))
    assert response.headers["www-authenticate"] == "Basic"
    own = HTTPException(401, headers={"WWW-Authenticate": "Digest"})
    response = await answer_to(app_raising(own))
    assert response.headers.get_list("www-authenticate") == ["Digest"]


async def test_headers_of_a_500_raised_on_purpose_survive() -> None:
    response = await answer_to(app_raising(HTTPException(500, "x", headers={"X-Shard": "7"})))
    assert problem_of(response, 500)["detail"] == "x"
    assert response.headers["x-shard"] == "7"


async def test_a_status_without_a_body_has_none() -> None:
    response = await answer_to(app_raising(HTTPException(304)))
    assert (response.status_code, response.content) == (304, b"")


async def test_options_of_the_installation() -> None:
    app = app_raising(ScrapingError("x"), type_base="https://errors.example/")
    assert problem_of(await answer_to(app), 502)["type"] == "https://errors.example/scraping_error"
    response = await answer_to(app_raising(HTTPException(503), retry_after=77))
    assert response.headers["retry-after"] == "77"
    schema = app_raising(HTTPException(503), document=False).openapi()
    assert "application/problem+json" not in json.dumps(schema)


@pytest.mark.parametrize("sync", [True, False])
async def test_an_observer_is_told_of_every_problem_once(sync: bool) -> None:
    told: list[tuple[str, BaseException, Problem]] = []

    def observe(request: Any, error: BaseException, problem: Problem) -> None:
        told.append((request.url.path, error, problem))

    async def observe_later(request: Any, error: BaseException, problem: Problem) -> None:
        observe(request, error, problem)

    error = RuntimeError("bug")
    app = app_raising(error, on_problem=observe if sync else observe_later)
    await answer_to(app)
    await answer_to(app, "/nowhere")
    assert [(path, problem.status) for path, _, problem in told] == [("/", 500), ("/nowhere", 404)]
    assert told[0][1] is error


async def test_an_observer_that_fails_takes_nothing_from_the_client(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def observe(*_: object) -> None:
        raise ZeroDivisionError

    response = await answer_to(app_raising(ScrapingError("x"), on_problem=observe))
    problem_of(response, 502)
    assert "on_problem failed" in caplog.text


async def test_an_error_of_outer_middleware_is_answered_too() -> None:
    app = FastAPI()
    install_problem_handlers(app)

    @app.middleware("http")
    async def broken(request: Any, call_next: Any) -> Any:
        raise RuntimeError("rack")

    response = await answer_to(app)
    assert problem_of(response, 500)["code"] == "internal_error"
    assert "rack" not in response.text


async def test_function_middleware_around_a_bug_keeps_its_headers() -> None:
    app = app_raising(RuntimeError("bug"))

    @app.middleware("http")
    async def tag(request: Any, call_next: Any) -> Any:
        response = await call_next(request)
        response.headers["X-Tag"] = "set"
        return response

    response = await answer_to(app)
    problem_of(response, 500)
    assert response.headers["x-tag"] == "set"


async def test_a_response_that_has_begun_is_left_alone() -> None:
    app = FastAPI()

    @app.get("/")
    async def stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"first"
            raise RuntimeError("bug")

        return StreamingResponse(parts())

    install_problem_handlers(app)
    async with client_of(app, raising=True) as client:
        with pytest.raises(RuntimeError, match="bug"):
            await client.get("/")


async def test_errors_in_dependencies_and_routers_are_answered() -> None:
    async def refuse() -> None:
        raise ScrapingError("no")

    router = APIRouter(responses=problem_responses(418))

    @router.get("/dependent", dependencies=[Depends(refuse)])
    async def dependent() -> None: ...

    app = FastAPI()
    app.include_router(router)
    install_problem_handlers(app)
    problem_of(await answer_to(app, "/dependent"), 502)
    assert "418" in app.openapi()["paths"]["/dependent"]["get"]["responses"]


async def test_starlette_alone_is_served_too() -> None:
    async def fail(request: Any) -> Any:
        raise ScrapingError("no")

    app = Starlette(routes=[Route("/", fail)])
    install_problem_handlers(app)
    problem_of(await answer_to(app), 502)
    problem_of(await answer_to(app, "/nowhere"), 404)


async def test_installing_twice_replaces_the_settings() -> None:
    told: list[Problem] = []
    app = app_raising(RuntimeError("bug"))
    install_problem_handlers(app, type_base="x:", on_problem=lambda *facts: told.append(facts[2]))
    assert problem_of(await answer_to(app), 500)["type"] == "x:internal_error"
    assert len(told) == 1
    assert app.openapi() is app.openapi()


async def test_installing_too_late_is_an_error() -> None:
    app = FastAPI()
    await answer_to(app)
    with pytest.raises(RuntimeError, match="before the application handles its first"):
        install_problem_handlers(app)


async def test_a_users_model_called_validation_error_stays_documented() -> None:
    model = create_model("ValidationError", why=(str, "because"))
    app = FastAPI()

    @app.get("/why", response_model=model)
    async def why() -> dict[str, str]:
        return {}

    install_problem_handlers(app)
    assert "why" in app.openapi()["components"]["schemas"]["ValidationError"]["properties"]


@pytest.mark.parametrize("hostile", ["a b", "x" * 129, "a\tb", "<script>", "ä"])
async def test_a_hostile_request_id_is_replaced(hostile: str) -> None:
    async with client_of(app_raising(ScrapingError("x"))) as client:
        response = await client.get("/", headers=[(b"X-Request-ID", hostile.encode())])
    assert re.fullmatch("[0-9a-f]{32}", problem_of(response, 502)["request_id"])


async def test_the_request_context_reaches_the_log_and_every_response() -> None:
    from pulpo_utils.log_context import get_context

    app = FastAPI()
    app.add_middleware(RequestContextMiddleware)
    install_problem_handlers(app)

    @app.get("/context")
    async def context() -> dict[str, Any]:
        return get_context()

    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    async with client_of(app) as client:
        response = await client.get(
            "/context",
            headers={"X-Request-ID": "r-1", "traceparent": f"00-{trace}-00f067aa0ba902b7-01"},
        )
        other = await client.get("/context", headers={"traceparent": "00-zz-1-01"})
        missing = await client.get("/nowhere", headers={"X-Request-ID": "r-2"})
    assert response.json() == {"request_id": "r-1", "trace_id": trace}
    assert response.headers["x-request-id"] == "r-1"
    assert other.json() == {"request_id": other.headers["x-request-id"]}
    assert missing.headers.get_list("x-request-id") == ["r-2"]
    assert get_context() == {}


async def test_websockets_and_lifespan_pass_through() -> None:
    seen = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])
        if scope["type"] == "websocket":
            raise RuntimeError("left to others")

    from pulpo_utils.problems.responder import ProblemMiddleware

    middleware = ProblemMiddleware(inner, None)  # type: ignore[arg-type]
    await middleware({"type": "lifespan"}, None, None)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="left to others"):
        await middleware({"type": "websocket"}, None, None)  # type: ignore[arg-type]
    assert seen == ["lifespan", "websocket"]


async def test_a_validation_error_raised_by_hand() -> None:
    error = RequestValidationError(
        [{"type": "own", "loc": ("field",), "msg": f"not {MARK}", "input": MARK}]
    )
    response = await answer_to(app_raising(error))
    assert problem_of(response, 422)["errors"] == [
        {"pointer": "#/field", "in": "body", "detail": "not [input]", "code": "own"}
    ]


def test_cors_is_outside_of_the_problem_middleware() -> None:
    app = app_raising(RuntimeError("bug"))
    app.add_middleware(CORSMiddleware, allow_origins=["*"])
    names = [getattr(item.cls, "__name__", "") for item in app.user_middleware]
    assert names == ["CORSMiddleware", "ProblemMiddleware"]


def test_pymongo_is_never_imported() -> None:
    import subprocess
    import sys

    code = (
        "import sys, pulpo_utils.problems, pulpo_utils.problems.responder;"
        "print([name for name in ('pymongo', 'httpx', 'structlog', 'tenacity') "
        "if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
    assert find_spec("pulpo_utils") is not None
