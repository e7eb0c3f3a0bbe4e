"""Endpoints of operations: documents go in and out in the shape that the rest of the API has."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, get_type_hints

from bson.errors import BSONError
from fastapi import Body
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidatorFunctionWrapHandler, WrapValidator
from starlette.requests import Request
from starlette.responses import Response

from pulpo_base.api.http.problems import invalid, not_storable
from pulpo_base.api.operations.repetition import describe_repetition, rehearsable, repeatable
from pulpo_base.api.security.permissions import guarded
from pulpo_base.api.shapes.input import acceptable
from pulpo_base.api.shapes.output import present, readable
from pulpo_base.database.storable import not_storable_at

__all__ = ["OperationRoute"]

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class OperationRoute(APIRoute):
    """A route that may take and answer with documents: `APIRouter(route_class=OperationRoute)`.

    The endpoint keeps its own types, `(data: Ship) -> Order | None` say, and gets and returns
    such values; what is sent and what OpenAPI shows has `id` instead of `_id` and links as ids.
    A request with an `Idempotency-Key` is done once; with `validate_only=true` its input is
    checked and nothing else is done. Raises `TypeError` for an endpoint with documents that is no
    coroutine function.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        hints = get_type_hints(endpoint, include_extras=True)
        returned = hints.pop("return", None)
        answer = readable(returned)
        parameters = {
            name: parameter
            for name, hint in hints.items()
            if (parameter := _parameter(hint)) is not hint
        }
        if answer is not returned:
            options["response_model"] = answer
        if answer is not returned or parameters:
            endpoint = _adapted(endpoint, parameters)
        super().__init__(path, rehearsable(endpoint), **describe_repetition(options))

    def get_route_handler(self) -> Handler:
        """Return FastAPI's handler behind the permissions, minding keys and `validate_only`."""
        return guarded(repeatable(_storing(super().get_route_handler())), self.openapi_extra)


def _storing(handler: Handler) -> Handler:
    """Return a handler that answers 422 where an operation could not store what it was sent.

    An error of that kind is the operation's own where nothing in the request is to blame.
    """

    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except (OverflowError, UnicodeError, BSONError) as error:
            place = not_storable_at(await request.json()) if await request.body() else None
            if place is None:
                raise
            raise invalid([not_storable(("body", *place))]) from error

    return handle


def _parameter(hint: Any) -> Any:
    """Return the annotation of an endpoint's parameter as FastAPI and OpenAPI need it.

    The very annotation comes back where it says all. FastAPI takes a bare `NamedTuple` for a
    sequence of uploaded files.
    """
    shape = acceptable(hint)
    said = hint if shape is hint else Annotated[shape, WrapValidator(_original(hint))]
    is_named_tuple = isinstance(hint, type) and issubclass(hint, tuple)
    return Annotated[said, Body()] if is_named_tuple else said


def _original(hint: Any) -> Callable[[Any, ValidatorFunctionWrapHandler], Any]:
    """Return a validator that makes the endpoint's own type: the shape is for OpenAPI only."""
    adapter: TypeAdapter[Any] = TypeAdapter(hint)

    def validate(value: Any, _: ValidatorFunctionWrapHandler) -> Any:
        return adapter.validate_python(value)

    return validate


def _adapted(endpoint: Callable[..., Any], annotations: dict[str, Any]) -> Callable[..., Any]:
    if not inspect.iscoroutinefunction(endpoint):
        raise TypeError(f"{endpoint.__qualname__} must be a coroutine function")

    @functools.wraps(endpoint)
    async def adapted(*args: Any, **kwargs: Any) -> Any:
        return present(await endpoint(*args, **kwargs))

    signature = inspect.signature(endpoint)
    parameters = [
        item.replace(annotation=annotations.get(name, item.annotation))
        for name, item in signature.parameters.items()
    ]
    vars(adapted)["__signature__"] = signature.replace(parameters=parameters)
    return adapted
