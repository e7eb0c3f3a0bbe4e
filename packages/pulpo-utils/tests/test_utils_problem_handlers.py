"""What `install_problem_handlers` does to applications made for one case each."""

from __future__ import annotations

import json
import logging
import re
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from pydantic import create_model
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import StreamingResponse
from starlette.routing import Route

from pulpo_utils.asgi import RequestContextMiddleware
from pulpo_utils.exceptions import AuthenticationError, ProcessingError, ScrapingError
from pulpo_utils.problems import Problem, install_problem_handlers, problem_responses
from pulpo_utils.testing import problem_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


def client_of(app: Any, *, raising: bool = False) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=raising)
    return httpx.AsyncClient(transport=transport, base_url="http://test")


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


async def test_the_log_has_the_traceback_where_the_server_is_at_fault(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "pulpo_utils.problems"):
        await answer_to(app_raising(ProcessingError("row 3 broke")))
        await answer_to(app_raising(HTTPException(404)))
    internal, missing = caplog.records
    assert internal.exc_info
    assert "row 3 broke" in internal.getMessage()
    assert (internal.levelname, missing.levelname, missing.exc_info) == ("ERROR", "INFO", None)
