"""Permissions of routes, checked before a request's body is read.

What OpenAPI shows as `x-permissions` of a route is what the route wants: one fact, not two.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from pulpo_base.api.http.direct_calls import direct
from pulpo_base.api.security.principals import NOBODY, PRINCIPAL
from pulpo_base.api.security.refusals import forbidden, unauthenticated
from pulpo_base.decorators import spec_of
from pulpo_base.specs import ModelSpec

__all__ = ["PERMISSIONS", "GuardedRoute", "guarded", "may_read", "permissions_of", "require"]

PERMISSIONS: Final = "x-permissions"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def require(permissions: Iterable[str]) -> None:
    """Raise `HTTPException` (403, or 401) unless who asks has these permissions.

    Raises `RuntimeError` where permissions are wanted in an application that was not given to
    `secure`: nobody has found out who asks.
    """
    required = tuple(permissions)
    if not required:
        return
    principal = PRINCIPAL.get()
    if principal is None:
        raise RuntimeError("permissions are declared, but the application is not secured")
    if principal is NOBODY:
        raise unauthenticated("this needs credentials")
    if not principal.may(required):
        raise forbidden(required)


def permissions_of(document: type) -> dict[str, tuple[str, ...]]:
    """Return what `@datamodel` says of a kind of document, as `Routes` takes it."""
    spec = spec_of(document)
    if not isinstance(spec, ModelSpec):
        return {}
    return {"permissions": spec.permissions, "write_permissions": spec.write_permissions}


def may_read(document: type) -> None:
    """Raise `HTTPException` (403) unless who asks may read this kind of document."""
    require(permissions_of(document).get("permissions", ()))


def guarded(handler: Handler, options: dict[str, Any] | None) -> Handler:
    """Return the handler behind a route's permissions; itself where it has none.

    `options` are the route's `openapi_extra`.
    """
    required = tuple((options or {}).get(PERMISSIONS, ()))
    if not required:
        return handler

    async def handle(request: Request) -> Response:
        require(required)
        return await handler(request)

    return handle


class GuardedRoute(APIRoute):
    """A route with permissions: `APIRouter(route_class=GuardedRoute)`."""

    def get_route_handler(self) -> Handler:
        """Return what calls the endpoint, behind the route's permissions."""
        handler = direct(self.path, self.endpoint, super().get_route_handler())
        return guarded(handler, self.openapi_extra)
