"""Endpoints of `async_enabled` operations."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import Any, get_type_hints

from fastapi import Response
from starlette.requests import Request

from pulpo_base.api.operations.results import run_result
from pulpo_base.api.operations.route import OperationRoute
from pulpo_base.api.runs.views import BEGUN, Run, asker, begun, runs_of, unavailable
from pulpo_base.api.shapes.output import readable
from pulpo_base.flows.dispatch import EngineUnavailableError, begin_operation

__all__ = ["BackgroundRoute"]

_request: ContextVar[Request] = ContextVar("_request")


class BackgroundRoute(OperationRoute):
    """A route that begins an operation and answers 202 with where its run can be asked for.

    The endpoint is written as for `OperationRoute`; what it returns becomes the run's result.
    Input that does not fit is refused at once. The application has `state.runs`
    (`background_runs`), whose `engine` says where the operation runs.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        returned = get_type_hints(endpoint, include_extras=True).get("return")
        answer: Any = readable(returned)
        responses = {**BEGUN, **(options.pop("responses", None) or {})}
        options |= {
            "status_code": 202,
            "responses": responses,
            "response_model": Run.__class_getitem__(answer),
        }
        operation = path.rpartition("/")[2]
        super().__init__(path, _beginning(operation, endpoint, returned, answer), **options)

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


def _beginning(
    operation: str, endpoint: Callable[..., Any], returned: Any, answer: Any
) -> Callable[..., Any]:
    """Return an endpoint that begins a run of another."""
    hints = get_type_hints(endpoint, include_extras=True)

    @functools.wraps(endpoint)
    async def begin(*args: Any, **kwargs: Any) -> Response:
        async def work(_name: str) -> str:
            return run_result(returned, await endpoint(*args, **kwargs))

        given = {name: (hints[name], value) for name, value in kwargs.items()}
        try:
            record = await begin_operation(
                runs_of(_request.get()), operation, None if args else given, work, asker()
            )
        except EngineUnavailableError as error:
            raise unavailable(operation, error) from None
        return begun(record)

    # What it returns is what the route documents, and no document.
    begin.__annotations__ = {**endpoint.__annotations__, "return": Run[answer]}
    return begin
