"""`JsonBody`: the dependency of an endpoint that wants the body of a request as it was sent."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

from pydantic import ValidatorFunctionWrapHandler, WrapValidator
from starlette.requests import ClientDisconnect, Request

__all__ = ["IrregularBodyError", "JsonBody", "as_it_is"]

R = TypeVar("R")
_JSON = frozenset(("application/json", "application/merge-patch+json"))


class IrregularBodyError(Exception):
    """A body that FastAPI has something to say about."""


class JsonBody(Generic[R]):
    """A FastAPI dependency that OpenAPI shows as `model` and that hands out `read(body)`.

    A body that is no `kind` is refused with the model's own error.
    """

    def __init__(self, model: Any, read: Callable[[Any], R], kind: type = dict) -> None:
        def as_it_came(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
            return value if isinstance(value, kind) else handler(value)

        parameter = inspect.Parameter(
            "body",
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            annotation=Annotated[model, WrapValidator(as_it_came)],
        )
        #: What FastAPI reads of it.
        self.__signature__ = inspect.Signature([parameter])
        self._read = read
        self._kind = kind

    # A coroutine function, because FastAPI runs plain ones in a thread.
    async def __call__(self, body: Any) -> R:
        """Return what the body says; FastAPI calls this."""
        return self._read(body)

    async def of(self, request: Request) -> R:
        """Return what a request's body says, as FastAPI would have it.

        Raises `IrregularBodyError` where it would not, besides what `read` raises.
        """
        if request.headers.get("content-type") not in _JSON:
            raise IrregularBodyError
        try:
            body = json.loads(await request.body())
        except (ValueError, RecursionError, ClientDisconnect) as error:
            raise IrregularBodyError from error
        if not isinstance(body, self._kind):
            raise IrregularBodyError
        return self._read(body)


def as_it_is(body: Any) -> Any:
    """Return a body unread."""
    return body
