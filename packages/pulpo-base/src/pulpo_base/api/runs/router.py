"""`/api/runs`: what became of operations and flows that were begun."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel
from starlette.requests import Request

from pulpo_base.api.lists.cursors import after as behind
from pulpo_base.api.lists.cursors import cursor_at
from pulpo_base.api.runs.views import Run, run_view, runs_of, shown, visible
from pulpo_base.flows.dispatch import cancelled, settled
from pulpo_base.runs.records import NEWEST

__all__ = ["RunList", "runs_router"]


class RunList(BaseModel):
    """Runs, the newest first, without results; `next` is the cursor (`after`) of older ones."""

    items: list[Run[Any]]
    next: str | None = None


def runs_router(
    *, problems: Callable[..., Mapping[int | str, dict[str, Any]]] | None = None
) -> APIRouter:
    """Return the router of runs: asked for at `/api/runs/{id}`, cancelled below it.

    `problems` makes FastAPI's `responses=` of status codes, as `problem_responses` does.
    """
    router = APIRouter(prefix="/api/runs", tags=["runs"])
    unknown: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such run"}}
    if problems:
        unknown = dict(problems(404))

    @router.get(
        "",
        operation_id="list_runs",
        summary="The newest runs",
        description="Those that who asks may see, without their results.",
    )
    async def list_runs(
        request: Request,
        response: Response,
        flow: str | None = None,
        operation: str | None = None,
        state: Literal["running", "succeeded", "failed", "cancelled"] | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        after: Annotated[str | None, Query(description="`next` of the page before.")] = None,
    ) -> RunList:
        records = runs_of(request).records
        given = {"flow": flow, "operation": operation, "state": state}
        which = [visible(), {name: value for name, value in given.items() if value is not None}]
        if after is not None:
            which.append(behind(after, NEWEST, records.codec))
        # One more than wanted, to know whether there are more.
        found = await records.listed({"$and": which}, limit=limit + 1)
        page = found[:limit]
        response.headers["Cache-Control"] = "no-store"
        return RunList(
            items=[run_view(record) for record in page],
            next=cursor_at(page[-1], NEWEST, records.codec) if len(found) > limit else None,
        )

    @router.get(
        "/{id}",
        operation_id="get_run",
        summary="What became of an operation or a flow",
        responses=unknown,
    )
    async def get_run(id: str, request: Request, response: Response) -> Run[Any]:  # noqa: A002
        record = await settled(runs_of(request), await shown(request, id))
        return _answer(run_view(record), response)

    @router.post(
        "/{id}/cancel",
        operation_id="cancel_run",
        summary="Stop an operation or a flow",
        description="The answer is the run; `cancelling` says that it has not stopped yet.",
        responses=unknown,
    )
    async def cancel_run(id: str, request: Request, response: Response) -> Run[Any]:  # noqa: A002
        record = await shown(request, id)
        return _answer(run_view(await cancelled(runs_of(request), record)), response)

    return router


def _answer(run: Run[Any], response: Response) -> Run[Any]:
    if run.state == "running":
        response.headers["Retry-After"] = "1"
    response.headers["Cache-Control"] = "no-store"
    return run
