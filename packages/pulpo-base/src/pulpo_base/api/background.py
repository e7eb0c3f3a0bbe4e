"""Endpoints of `async_enabled` operations, and those of their runs."""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Callable, Coroutine, Mapping
from contextvars import ContextVar
from typing import Any, Generic, Literal, TypeVar, get_type_hints

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel, TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse

from pulpo_base.api.operations import OperationRoute
from pulpo_base.api.reading import present, readable
from pulpo_base.api.run_records import Record
from pulpo_base.api.runs import Runs
from pulpo_base.api.security.principals import current_principal

__all__ = ["BackgroundRoute", "Run", "runs_router"]

Result = TypeVar("Result")

_PREFIX = "/api/runs"
_LOCATION = {
    "Location": {"description": "Where the run can be asked for.", "schema": {"type": "string"}}
}

_request: ContextVar[Request] = ContextVar("_request")


class Run(BaseModel, Generic[Result]):
    """One run of an operation: `result` is there when it succeeded, `problem` when it failed."""

    id: str
    operation: str
    state: Literal["running", "succeeded", "failed", "cancelled"]
    cancelling: bool = False
    created_at: dt.datetime
    finished_at: dt.datetime | None = None
    result: Result | None = None
    problem: dict[str, Any] | None = None


class BackgroundRoute(OperationRoute):
    """A route that begins an operation and answers 202 with where its run can be asked for.

    The endpoint is written as for `OperationRoute`; what it returns becomes the run's result.
    Input that does not fit is refused at once. The application has `state.runs`
    (`background_runs`).
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        returned = get_type_hints(endpoint, include_extras=True).get("return")
        answer: Any = readable(returned)
        begun = {
            202: {"description": "The operation runs; ask for its result", "headers": _LOCATION}
        }
        responses = {**begun, **(options.pop("responses", None) or {})}
        options |= {
            "status_code": 202,
            "responses": responses,
            "response_model": Run.__class_getitem__(answer),
        }
        operation = path.rpartition("/")[2]
        super().__init__(path, _beginning(operation, endpoint, answer), **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, whose endpoint knows the request."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            token = _request.set(request)
            try:
                return await handler(request)
            finally:
                _request.reset(token)

        return handle


def runs_router(
    *, problems: Callable[..., Mapping[int | str, dict[str, Any]]] | None = None
) -> APIRouter:
    """Return the router of runs: asked for at `/api/runs/{id}`, cancelled below it.

    `problems` makes FastAPI's `responses=` of status codes, as `problem_responses` does.
    """
    router = APIRouter(prefix=_PREFIX, tags=["runs"])
    unknown: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such run"}}
    if problems:
        unknown = dict(problems(404))

    @router.get(
        "/{id}",
        operation_id="get_run",
        summary="What became of an operation",
        responses=unknown,
    )
    async def get_run(id: str, request: Request, response: Response) -> Run[Any]:  # noqa: A002
        return _answer(await _own(request, id), response)

    @router.post(
        "/{id}/cancel",
        operation_id="cancel_run",
        summary="Stop an operation",
        description="The answer is the run; `cancelling` says that it has not stopped yet.",
        responses=unknown,
    )
    async def cancel_run(id: str, request: Request, response: Response) -> Run[Any]:  # noqa: A002
        if await _own(request, id) is None:
            return _answer(None, response)
        return _answer(await _runs(request).cancel(id), response)

    return router


def _beginning(operation: str, endpoint: Callable[..., Any], answer: Any) -> Callable[..., Any]:
    """Return an endpoint that begins a run of another."""
    adapter: TypeAdapter[Any] = TypeAdapter(answer)

    @functools.wraps(endpoint)
    async def begin(*args: Any, **kwargs: Any) -> Response:
        async def work() -> str:
            value = present(await endpoint(*args, **kwargs))
            return adapter.dump_json(adapter.validate_python(value), by_alias=True).decode()

        run = _run(await _runs(_request.get()).start(operation, work, _asker()))
        headers = {"Location": f"{_PREFIX}/{run.id}", "Retry-After": "1"}
        return JSONResponse(run.model_dump(mode="json"), 202, headers)

    # What it returns is what the route documents, and no document.
    begin.__annotations__ = {**endpoint.__annotations__, "return": Run[answer]}
    return begin


def _runs(request: Request) -> Runs:
    runs = getattr(request.app.state, "runs", None)
    if not isinstance(runs, Runs):
        raise HTTPException(503, "no database is connected")
    return runs


async def _own(request: Request, name: str) -> Record | None:
    """Return a run that who asks began; to others it does not exist."""
    record = await _runs(request).find(name)
    return record if record and record["owner"] == _asker() else None


def _asker() -> str:
    principal = current_principal()
    return f"{principal.kind}:{principal.id}" if principal and principal.id else ""


def _answer(record: Record | None, response: Response) -> Run[Any]:
    if record is None:
        raise HTTPException(404, {"code": "run_not_found", "detail": "there is no such run"})
    run = _run(record)
    if run.state == "running":
        response.headers["Retry-After"] = "1"
    response.headers["Cache-Control"] = "no-store"
    return run


def _run(record: Record) -> Run[Any]:
    values = {name: record[name] for name in Run.model_fields if name in record}
    if "result" in values:
        values["result"] = json.loads(values["result"])
    return Run[Any](id=record["_id"], **values)
