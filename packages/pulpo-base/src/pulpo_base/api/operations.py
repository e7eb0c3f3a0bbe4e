"""Endpoints of operations: documents go in and out in the shape that the rest of the API has."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

from fastapi.routing import APIRoute

from pulpo_base.api.reading import present, readable

__all__ = ["OperationRoute"]


class OperationRoute(APIRoute):
    """A route whose answer may hold documents: `APIRouter(route_class=OperationRoute)`.

    The endpoint keeps its own return type, `-> Order` or `-> list[Order] | None`, and returns
    such a value; what is sent and what OpenAPI shows has `id` instead of `_id` and links as ids.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        returned = get_type_hints(endpoint, include_extras=True).get("return")
        shape = readable(returned)
        if shape is not returned:
            options["response_model"] = shape
            endpoint = _presenting(endpoint)
        super().__init__(path, endpoint, **options)


def _presenting(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    if not inspect.iscoroutinefunction(endpoint):
        raise TypeError(f"{endpoint.__qualname__} must be a coroutine function")

    @functools.wraps(endpoint)
    async def presented(*args: Any, **kwargs: Any) -> Any:
        return present(await endpoint(*args, **kwargs))

    return presented
