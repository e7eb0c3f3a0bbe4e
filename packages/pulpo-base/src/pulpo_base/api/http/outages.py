"""While no server of the database can be reached, requests are refused soon.

An operation that was under way when the server went away is tried again by PyMongo for as long as
its time limit says, and an election is waited for: another server of the set is still known. Only
requests that come while there is none wait for a second at most.
"""

from __future__ import annotations

from contextlib import suppress
from contextvars import ContextVar
from typing import Any, Final

import pymongo
from pymongo.errors import PyMongoError
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["AWAY", "FailFast"]

#: Set for requests that have no time for a database which is away.
AWAY: Final[ContextVar[bool]] = ContextVar("pulpo_database_away", default=False)

#: The driver asks a server that it has lost every half second (`MIN_HEARTBEAT_INTERVAL`).
_WAIT_SECONDS: Final = 1.0
#: Over before an operation has found a server. Zero would be no limit.
_NO_TIME: Final = 0.000_001


class FailFast:
    """A pure ASGI middleware: below `/api`, what needs a database that is away fails at once.

    The database is `app.state.database`, set by the application's lifespan. What needs none is
    answered as always. Add it after `secure`, so that keys are looked up with it, too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, with no time for the database while that is away."""
        if _may_need_a_database(scope):
            database = getattr(scope["app"].state, "database", None)
            if database is not None and not await _is_reached(database):
                token = AWAY.set(True)
                try:
                    with pymongo.timeout(_NO_TIME):
                        await self._app(scope, receive, send)
                finally:
                    AWAY.reset(token)
                return
        await self._app(scope, receive, send)


def _may_need_a_database(scope: Scope) -> bool:
    if scope["type"] != "http":
        return False
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    return path.startswith("/api/")


async def _is_reached(database: Any) -> bool:
    """Return whether a server is known, or found soon; asking makes the driver look for one."""
    client = database.client
    if not client.topology_description.has_known_servers:
        # Only the question has this limit: what a request begins may live longer than its answer.
        with suppress(PyMongoError), pymongo.timeout(_WAIT_SECONDS):
            await database.command("ping")
    known: bool = client.topology_description.has_known_servers
    return known
