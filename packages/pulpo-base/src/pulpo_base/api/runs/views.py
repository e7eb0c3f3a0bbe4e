"""Runs of operations and flows as the API shows them, and to whom."""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Any, Final, Generic, Literal, TypeVar

from fastapi import HTTPException, Response
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse

from pulpo_base.api.security.principals import current_principal
from pulpo_base.flows.dispatch import EngineUnavailableError
from pulpo_base.runs.records import Record
from pulpo_base.runs.working import Runs

__all__ = [
    "BEGUN",
    "Run",
    "StepRun",
    "asker",
    "begun",
    "run_view",
    "runs_of",
    "shown",
    "unavailable",
    "visible",
]

Result = TypeVar("Result")

_log = logging.getLogger(__name__)

#: States of steps in which somebody works on them.
_GOING_ON: Final = {"running", "retrying"}

#: The answer to a request that began a run, as OpenAPI has it.
BEGUN: Final[dict[int | str, dict[str, Any]]] = {
    202: {
        "description": "It runs; ask for its result",
        "headers": {
            "Location": {
                "description": "Where the run can be asked for.",
                "schema": {"type": "string"},
            }
        },
    }
}


class StepRun(BaseModel):
    """One step of a run of a flow.

    A step that is `kept` did not run: what it returned in the run before was used. One that is
    `interrupted` was running when the process of its run ended. Of one that failed, `problem` says
    why and `input` what it was called with, its secrets masked. `undone` says whether its
    `on_failure` operation, called because the flow failed, succeeded. One that was `acting` when
    its run ended goes on in a thread, which nothing can stop: it may have done since what it does.
    """

    operation: str
    state: Literal[
        "pending",
        "running",
        "retrying",
        "succeeded",
        "kept",
        "failed",
        "cancelled",
        "interrupted",
    ] = "pending"
    attempts: int = 0
    started_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    undone: bool | None = None
    acting: bool | None = None
    problem: dict[str, Any] | None = None
    input: dict[str, Any] | None = None


class Run(BaseModel, Generic[Result]):
    """One run of an operation or a flow.

    `result` is there when it succeeded, `problem` when it failed. Of a flow there are the `steps`,
    the `parameters` that were given, with secrets masked, the `engine` that runs it and, where it
    resumes another, the `root`: the id of the first run.
    """

    id: str
    operation: str | None = None
    flow: str | None = None
    state: Literal["running", "succeeded", "failed", "cancelled"]
    cancelling: bool = False
    created_at: dt.datetime
    finished_at: dt.datetime | None = None
    result: Result | None = None
    problem: dict[str, Any] | None = None
    steps: list[StepRun] | None = None
    parameters: dict[str, Any] | None = None
    engine: Literal["local", "prefect"] | None = None
    root: str | None = None


def runs_of(request: Request) -> Runs:
    """Return the application's runs. Raises `HTTPException` (503) without a database."""
    runs = getattr(request.app.state, "runs", None)
    if not isinstance(runs, Runs):
        raise HTTPException(503, "no database is connected")
    return runs


def asker() -> str:
    """Return who asks, as runs remember who began them; empty where nobody is asked."""
    principal = current_principal()
    return f"{principal.kind}:{principal.id}" if principal and principal.id else ""


def visible() -> Record:
    """Return the condition that the runs meet which who asks may see: those that they began.

    A run of a flow that nobody began over the API (by schedule or command) is for all who have
    the permissions of the flow.
    """
    own: Record = {"owner": asker()}
    principal = current_principal()
    if principal is None:
        return own
    shared: Record = {"owner": "", "flow": {"$gt": ""}}
    if (granted := principal.patterns()) is not None:
        shared["permissions"] = {"$not": {"$elemMatch": {"$nin": granted}}}
    return {"$or": [own, shared]}


async def shown(request: Request, name: str) -> Record:
    """Return a run that who asks may see. Raises `HTTPException` (404)."""
    record = await runs_of(request).records.find(name, visible())
    if record is None:
        raise HTTPException(404, {"code": "run_not_found", "detail": "there is no such run"})
    return record


def unavailable(what: str, error: EngineUnavailableError) -> HTTPException:
    """Return the answer to a request whose run has no engine; the operator finds why in the log."""
    _log.warning("%s cannot run: %s", what, error)
    detail = "the engine that runs flows is not available"
    return HTTPException(503, {"code": "engine_unavailable", "detail": detail})


def begun(record: Record) -> Response:
    """Return the answer to a request that began a run."""
    run = run_view(record)
    headers = {"Location": f"/api/runs/{run.id}", "Retry-After": "1"}
    return JSONResponse(run.model_dump(mode="json"), 202, headers)


def run_view(record: Record) -> Run[Any]:
    """Return a run as it is shown."""
    values = {name: record[name] for name in Run.model_fields if record.get(name)}
    if "result" in values:
        values["result"] = json.loads(values["result"])
    if record["state"] != "running" and "steps" in values:
        values["steps"] = [
            {**step, "state": "interrupted"} if step["state"] in _GOING_ON else step
            for step in values["steps"]
        ]
    return Run[Any](**{"id": record["_id"], "parameters": record.get("shown"), **values})
