"""Endpoints that want little of a request are called with it, past FastAPI's own way to do so.

FastAPI looks for everything that an endpoint could want: a third of what a list of twenty
documents costs. Those of a resource want parameters of the path, the request itself, and what one
function makes of it. Whatever is not as usual goes FastAPI's way, which judges and says so.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from fastapi.params import Depends
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path

from pulpo_base.api.http.json_body import IrregularBodyError, JsonBody

__all__ = ["direct"]

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
#: Makes one argument of a request.
Part = Callable[[Request], Awaitable[Any]]


class _UnusualError(Exception):
    """An endpoint, or a request, that FastAPI has to look at."""


def direct(path: str, endpoint: Callable[..., Any], handler: Handler) -> Handler:
    """Return a handler that calls the endpoint itself, and FastAPI's `handler` where that differs.

    It is FastAPI's own where the endpoint wants other things.
    """
    try:
        adapters, parts = _wanted(path, endpoint)
    except _UnusualError:
        return handler

    async def handle(request: Request) -> Response:
        if not _is_usual(request, len(parts)):
            return await handler(request)
        values: dict[str, Any] = {}
        try:
            given = request.scope["path_params"]
            for name, adapter in adapters.items():
                values[name] = request if adapter is None else adapter.validate_python(given[name])
            for name, part in parts.items():
                values[name] = await part(request)
        except (ValidationError, IrregularBodyError):
            return await handler(request)
        response: Response = await endpoint(**values)
        return response

    return handle


def _is_usual(request: Request, dependencies: int) -> bool:
    """Return whether nothing was added to what the endpoint itself says.

    Routers and applications may add dependencies where they include a route, tests put others in
    their place, and FastAPI's telemetry wants to see each step.
    """
    scope = request.scope
    included = scope.get("fastapi", {}).get("effective_route_context")
    dependant = getattr(included, "dependant", None)
    return (
        dependant is not None
        and len(dependant.dependencies) == dependencies
        and not scope["app"].dependency_overrides
        and "fastapi.telemetry" not in scope
    )


def _wanted(
    path: str, endpoint: Callable[..., Any]
) -> tuple[Mapping[str, TypeAdapter[Any] | None], Mapping[str, Part]]:
    """Return what checks each parameter of the path (`None`: the request), and the other parts."""
    if not inspect.iscoroutinefunction(endpoint):
        raise _UnusualError
    hints = get_type_hints(endpoint, include_extras=True)
    if not _is_subclass(hints.pop("return", None), Response):
        raise _UnusualError
    in_path = compile_path(path)[2]
    adapters: dict[str, TypeAdapter[Any] | None] = {}
    parts: dict[str, Part] = {}
    for name, hint in hints.items():
        if _is_subclass(hint, Request):
            adapters[name] = None
        elif name in in_path and get_origin(hint) is not Annotated:
            adapters[name] = TypeAdapter(hint)
        else:
            parts[name] = _part(hint)
    return adapters, parts


def _part(hint: Any) -> Part:
    """Return the function that an endpoint's argument is made by, where it takes the request."""
    if get_origin(hint) is Annotated:
        for found in _dependencies(hint):
            if isinstance(found, JsonBody):
                return found.of
            wanted = [*get_type_hints(found).items()]
            kinds = [kind for name, kind in wanted if name != "return"]
            if inspect.iscoroutinefunction(found) and kinds == [Request]:
                part: Part = found
                return part
    raise _UnusualError


def _dependencies(hint: Any) -> Iterator[Callable[..., Any]]:
    for fact in get_args(hint)[1:]:
        if isinstance(fact, Depends) and type(fact) is Depends and fact.dependency is not None:
            yield fact.dependency


def _is_subclass(hint: Any, cls: type) -> bool:
    return isinstance(hint, type) and issubclass(hint, cls)
