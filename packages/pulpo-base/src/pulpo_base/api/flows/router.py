"""`/api/flows`: what flows there are, started and resumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from pulpo_base.api.flows.views import FlowView, flow_view
from pulpo_base.api.http.problems import invalid_body
from pulpo_base.api.operations.route import OperationRoute
from pulpo_base.api.runs.views import BEGUN, Run, asker, begun, runs_of, shown, unavailable
from pulpo_base.api.security.permissions import PERMISSIONS, GuardedRoute, require
from pulpo_base.flows.dispatch import Engine, EngineUnavailableError, begin_flow
from pulpo_base.flows.running import FlowCall, resumed_call
from pulpo_base.flows.runtime import FlowRuntime
from pulpo_base.runs.records import AlreadyResumedError, RunTooLargeError

__all__ = ["flows_router"]

Problems = Callable[..., Mapping[int | str, dict[str, Any]]]


def flows_router(
    runtime: FlowRuntime, *, engine: Engine = "auto", problems: Problems | None = None
) -> APIRouter:
    """Return the router of the application's flows.

    `GET /api/flows` and `/api/flows/{name}` show plans, `POST /api/flows/{name}/runs` begins a
    run with the flow's parameters as the body, `POST /api/runs/{id}/resume` does again what
    failed. The application has `state.runs` (`background_runs`). A flow wants the permissions of
    all its steps. With the engine `auto`, runs go to a worker of Prefect where one takes them, and
    otherwise go on in this process. `problems` makes FastAPI's `responses=` of status codes.
    """
    router = APIRouter(prefix="/api", tags=["flows"], route_class=GuardedRoute)
    views = {name: flow_view(runtime.flows[name]) for name in sorted(runtime.flows)}

    @router.get("/flows", operation_id="list_flows", summary="The flows of this application")
    async def list_flows() -> list[FlowView]:
        return list(views.values())

    @router.get(
        "/flows/{name}",
        operation_id="get_flow",
        summary="One flow: its steps, their order and where their inputs come from",
        responses=_problems(problems, 404),
    )
    async def get_flow(name: str) -> FlowView:
        if name not in views:
            raise HTTPException(404, {"code": "flow_not_found", "detail": f"no flow {name!r}"})
        return views[name]

    @router.post(
        "/runs/{id}/resume",
        operation_id="resume_run",
        summary="Run a flow again from what failed",
        description="The body has the parameters that are to change. What succeeded is kept.",
        status_code=202,
        response_model=Run[Any],
        responses={**BEGUN, **_problems(problems, 404, 409, 422)},
    )
    async def resume_run(
        id: str,  # noqa: A002
        request: Request,
        changed: Annotated[dict[str, Any] | None, Body()] = None,
    ) -> Response:
        record = await shown(request, id)
        if not record.get("flow") or record["state"] == "running":
            detail = "only a run of a flow that has ended can be resumed"
            raise HTTPException(409, {"code": "not_resumable", "detail": detail})
        require(record["permissions"])
        try:
            call = resumed_call(runtime, record, changed)
        except ValidationError as error:
            raise invalid_body(error) from None
        except LookupError as error:
            detail = str(error.args[0])
            raise HTTPException(409, {"code": "not_resumable", "detail": detail}) from None
        return await _begun(request, runtime, call, engine)

    for view in views.values():
        _add_start(router, runtime, view, engine, problems)
    return router


async def _begun(
    request: Request, runtime: FlowRuntime, call: FlowCall, engine: Engine
) -> Response:
    try:
        record = await begin_flow(runs_of(request), runtime, call, asker(), engine=engine)
    except EngineUnavailableError as error:
        raise unavailable(call.flow, error) from None
    except AlreadyResumedError as error:
        raise HTTPException(409, {"code": "not_resumable", "detail": str(error)}) from None
    except RunTooLargeError as error:
        raise HTTPException(413, {"code": "content_too_large", "detail": str(error)}) from None
    return begun(record)


def _add_start(
    router: APIRouter,
    runtime: FlowRuntime,
    flow: FlowView,
    engine: Engine,
    problems: Problems | None,
) -> None:
    model = runtime.flows[flow.name].parameters

    async def start(request: Request, parameters: BaseModel) -> Response:
        call = FlowCall(flow.name, runtime.flows[flow.name].plan, parameters)
        return await _begun(request, runtime, call, engine)

    start.__annotations__ = {
        "request": Request,
        "parameters": Annotated[model, Body()],
        "return": Response,
    }
    if not flow.requires_parameters:
        start.__defaults__ = (model(),)
    route = OperationRoute(
        f"/api/flows/{flow.name}/runs",
        start,
        methods=["POST"],
        operation_id=f"start_{flow.name.replace('.', '_')}",
        summary=f"Run the flow {flow.name}",
        tags=["flows"],
        status_code=202,
        response_model=Run[Any],
        responses={**BEGUN, **_problems(problems, 422)},
        openapi_extra={PERMISSIONS: flow.permissions} if flow.permissions else None,
    )
    router.routes.append(route)


def _problems(problems: Problems | None, *statuses: int) -> dict[int | str, dict[str, Any]]:
    return dict(problems(*statuses)) if problems else {}
