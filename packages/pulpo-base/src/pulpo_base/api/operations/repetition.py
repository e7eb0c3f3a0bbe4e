"""`Idempotency-Key` and `validate_only` for endpoints of operations."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import Any

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pulpo_base.api.http.parameters import IDEMPOTENCY_KEY, VALIDATE_ONLY, truth
from pulpo_base.api.http.problems import invalid
from pulpo_base.api.writes.idempotency import HEADER, once
from pulpo_base.api.writes.transactions import How

__all__ = ["describe_repetition", "rehearsable", "repeatable"]

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

#: Nobody knows how long an operation takes; its process is taken for dead after this.
_LEASE = 3_600.0

_rehearsing: ContextVar[bool] = ContextVar("_rehearsing", default=False)


def rehearsable(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Return an endpoint that does nothing while a request is only checked."""
    if inspect.iscoroutinefunction(endpoint):

        @functools.wraps(endpoint)
        async def waiting(*args: Any, **kwargs: Any) -> Any:
            return (
                Response(status_code=204) if _rehearsing.get() else await endpoint(*args, **kwargs)
            )

        return waiting

    @functools.wraps(endpoint)
    def plain(*args: Any, **kwargs: Any) -> Any:
        return Response(status_code=204) if _rehearsing.get() else endpoint(*args, **kwargs)

    return plain


def repeatable(handler: Handler) -> Handler:
    """Return a handler that minds both: 204 for a request that is fine and only checked."""

    async def handle(request: Request) -> Response:
        if _is_rehearsal(request):
            token = _rehearsing.set(True)
            try:
                return await handler(request)
            finally:
                _rehearsing.reset(token)
        if HEADER not in request.headers:
            return await handler(request)
        database = getattr(request.app.state, "database", None)
        if database is None:
            raise HTTPException(503, "no database is connected")

        async def act(_how: How) -> Response:
            return await handler(request)

        return await once(database, request, act, lease=_LEASE, joined=False)

    return handle


def describe_repetition(options: dict[str, Any]) -> dict[str, Any]:
    """Return a route's options with the parameters in them."""
    extra = dict(options.get("openapi_extra") or {})
    extra["parameters"] = [*extra.get("parameters", ()), IDEMPOTENCY_KEY, VALIDATE_ONLY]
    answered = {204: {"description": "With validate_only: the input is fine"}}
    return {
        **options,
        "openapi_extra": extra,
        "responses": {**answered, **(options.get("responses") or {})},
    }


def _is_rehearsal(request: Request) -> bool:
    given = request.query_params.getlist("validate_only")
    if len(given) > 1:
        raise invalid([("repeated", ("query", "validate_only"), "this is given twice")])
    return bool(given) and truth(given[0], ("query", "validate_only"))
