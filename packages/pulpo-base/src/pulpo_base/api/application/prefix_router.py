"""`PrefixRouter`: a router that requests of other places pass at once."""

from __future__ import annotations

from functools import cached_property

from fastapi import APIRouter
from starlette.routing import Match, Route
from starlette.types import Scope

__all__ = ["PrefixRouter"]


class PrefixRouter(APIRouter):
    """A router whose routes begin with the same few words, as `/api/orders` is of one model.

    FastAPI asks one router after the other, and each asks every route that it has: the hundredth
    model would be found after a thousand regular expressions. Here a request whose path holds none
    of the prefixes is told so first. Routes are added before the first request.
    """

    @cached_property
    def prefixes(self) -> tuple[str, ...]:
        """What paths begin with before the first parameter; empty text where that is nothing."""
        found = {
            route.path.partition("{")[0].rstrip("/") if isinstance(route, Route) else ""
            for route in self.routes
        }
        # One that begins with another says nothing more.
        return tuple(sorted(one for one in found if not one.startswith(tuple(found - {one}))))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether a route of this router answers, as FastAPI asks an included router."""
        path = scope["path"]
        # Wherever it stands: what the router was included under comes before it.
        if any(prefix in path for prefix in self.prefixes):
            return super().matches(scope)
        return Match.NONE, {}
