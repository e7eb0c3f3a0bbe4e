"""`Gate`: what a request has to pass before the application sees it, and its body is read."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pulpo_base.api.security.credentials import Check, Credentials
from pulpo_base.api.security.headers import with_headers
from pulpo_base.api.security.principals import ANYONE, NOBODY, PRINCIPAL, Principal
from pulpo_base.api.security.rates import RateLimit, client_of
from pulpo_base.api.security.reach import is_allowed, names_this_machine, stays_here
from pulpo_base.api.security.refusals import (
    another_site,
    misdirected,
    not_reachable,
    too_large,
    too_many,
)

__all__ = ["HEALTH", "Gate"]

HEALTH = "/health"
_READS = frozenset(("GET", "HEAD"))
_CHANGES_NOTHING = frozenset(("GET", "HEAD", "OPTIONS"))


class Gate:
    """A pure ASGI middleware: size, origin, credentials and rate of a request, then the headers.

    `check` finds out who asks; without it everybody may, and unless `public_without_auth` on this
    machine only. Then a browser is all that a page of another site needs, so it may change
    nothing unless it is of one of `trusted_origins`. `allowed_hosts` are the names that the API
    goes by besides this machine's; with none of them it goes by any. `public_paths`, and all below
    them, need no credentials, `public_pages` none to be read; the health checks need nothing. A
    refusal is answered by the application's own handler of `HTTPException`.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        check: Check | None = None,
        public_without_auth: bool = False,
        allowed_hosts: Iterable[str] = (),
        trusted_origins: Iterable[str] = (),
        public_paths: Iterable[str] = (),
        public_pages: Iterable[str] = (),
        rate_limit: int = 0,
        max_body_bytes: int = 4_000_000,
    ) -> None:
        self._app = app
        self._check = check
        self._only_here = check is None and not public_without_auth
        self._hosts = tuple(name.lower().strip("[]") for name in allowed_hosts)
        self._origins = frozenset(origin.encode() for origin in trusted_origins)
        self._public = tuple(public_paths)
        self._pages = tuple(public_pages)
        self._rates = RateLimit(rate_limit) if rate_limit else None
        self._limit = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request pass, or answer it."""
        if scope["type"] == "websocket":
            # No generated route is one, so nobody has asked for it to be judged.
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_private = self._check is not None
        sending = with_headers(send, private=is_private, secure=scope.get("scheme") == "https")
        given = Credentials(scope)
        try:
            receiving = self._limited(receive, given.length)
            principal = await self._admitted(scope, given)
        except HTTPException as error:
            await _refused(scope, receive, sending, error)
            return
        token = PRINCIPAL.set(principal)
        try:
            await self._app(scope, receiving, sending)
        finally:
            PRINCIPAL.reset(token)

    def _limited(self, receive: Receive, length: bytes) -> Receive:
        """Return a `receive` that stops at the limit, where the length is not known to be less."""
        limit = self._limit
        if length.isdigit():
            # The server reads no more than the length that was announced.
            if len(length) > len(str(limit)) or int(length) > limit:
                raise too_large(limit)
            return receive
        seen = 0

        async def receiving() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise too_large(limit)
            return message

        return receiving

    async def _admitted(self, scope: Scope, given: Credentials) -> Principal:
        """Return who asks. Raises `HTTPException`."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if _is_below(path, HEALTH):
            return NOBODY
        if self._only_here or self._hosts:
            self._reached(scope, given)
        if self._check is None:
            if scope["method"] not in _CHANGES_NOTHING and given.is_foreign(self._origins):
                raise another_site()
            principal = ANYONE
        elif self._is_public(path, scope["method"]):
            principal = NOBODY
        else:
            principal = await self._known(scope, given, self._check)
        self._count(scope, principal)
        return principal

    def _is_public(self, path: str, method: str) -> bool:
        places = (*self._public, *self._pages) if method in _READS else self._public
        return any(_is_below(path, place) for place in places)

    def _reached(self, scope: Scope, given: Credentials) -> None:
        """Raise `HTTPException` for a request from elsewhere, or under a name that is not ours."""
        # Where credentials are asked for, it does not matter which way they came.
        is_forwarded = self._check is None and given.is_forwarded
        if self._only_here:
            server, _ = scope.get("server") or ("", None)
            if is_forwarded or not stays_here(str(server), given.host, self._hosts):
                raise not_reachable()
            return
        is_ours = names_this_machine(given.host) and not is_forwarded
        if not is_ours and not is_allowed(given.host, self._hosts):
            raise misdirected()

    async def _known(self, scope: Scope, given: Credentials, check: Check) -> Principal:
        """Return who asks; who tries wrong credentials too often is told to wait.

        Right ones are taken all the same: others may come from the same address.
        """
        try:
            return await check.principal(scope, given)
        except HTTPException:
            self._count(scope, NOBODY)
            raise

    def _count(self, scope: Scope, principal: Principal) -> None:
        """Count a request of a key, or of an address. Raises `HTTPException` (429)."""
        if self._rates is None:
            return
        host, _ = scope.get("client") or (None, None)
        wait = self._rates.take(f"key {principal.id}" if principal.id else client_of(host))
        if wait:
            raise too_many(wait)


def _is_below(path: str, place: str) -> bool:
    # Below `/` would be `//…`, which is no page of anybody's.
    return path == place or (place != "/" and path.startswith(f"{place}/"))


async def _refused(scope: Scope, receive: Receive, send: Send, error: HTTPException) -> None:
    """Answer as the application answers its own errors, problem details where it has them."""
    handlers = scope["app"].exception_handlers
    handler = handlers.get(type(error)) or next(
        handlers[cls] for cls in type(error).__mro__ if cls in handlers
    )
    response = await handler(Request(scope), error)
    await response(scope, receive, send)
