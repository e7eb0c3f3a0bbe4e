"""From a request's headers to who makes it."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, Final, Protocol

from pymongo.errors import PyMongoError
from starlette.types import Scope

from pulpo_base.api.security.principals import Principal
from pulpo_base.api.security.reach import FORWARDED
from pulpo_base.api.security.refusals import unauthenticated, unavailable
from pulpo_base.database.api_keys import ApiKeys

__all__ = ["ApiKeyCheck", "Check", "Credentials", "TokenCheck"]

_INVALID = "invalid_token"
_READ: Final = FORWARDED | {
    *(b"host", b"content-length", b"origin", b"sec-fetch-site"),
    *(b"authorization", b"x-api-key"),
}
#: Sent by a page of this very origin, or by a person who typed the address.
_OWN_SITE: Final = (b"same-origin", b"none")


class Credentials:
    """What the headers of a request say that matters at the gate."""

    __slots__ = ("_given", "host", "length")

    def __init__(self, scope: Scope) -> None:
        given = {name: value for name, value in scope["headers"] if name in _READ}
        self._given = given
        self.host: bytes = given.get(b"host", b"")
        self.length: bytes = given.get(b"content-length", b"")

    @property
    def is_forwarded(self) -> bool:
        """Whether a proxy says that its peer did not make the request."""
        return not FORWARDED.isdisjoint(self._given)

    def is_foreign(self, trusted: Container[bytes]) -> bool:
        """Whether a page of another origin, none of the trusted, makes a browser send this.

        What no browser sends has neither header (W3C Fetch Metadata; RFC 6454, 7.3); one that
        does not say `Sec-Fetch-Site` is old, or was told no https.
        """
        origin = self._given.get(b"origin", b"")
        if origin in trusted:
            return False
        site = self._given.get(b"sec-fetch-site")
        if site is not None:
            return site not in _OWN_SITE
        return bool(origin) and origin.partition(b"://")[2] != self.host

    @property
    def api_key(self) -> str:
        """The key of `X-API-Key`, or the bearer token; empty where there is neither."""
        return self._given.get(b"x-api-key", b"").decode("latin-1") or self.bearer

    @property
    def bearer(self) -> str:
        """The token of the Authorization header, empty where there is none."""
        given = self._given.get(b"authorization", b"")
        scheme, _, token = given.decode("latin-1").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""


class Check(Protocol):
    """Finds out who makes a request."""

    async def principal(self, scope: Scope, given: Credentials) -> Principal:
        """Return who it is. Raises `HTTPException`: 401, or 503 where nobody can tell."""
        ...


class ApiKeyCheck:
    """Wants an API key, in `X-API-Key` or as a bearer token."""

    async def principal(self, scope: Scope, given: Credentials) -> Principal:
        """Look the key up in the application's database."""
        text = given.api_key
        if not text:
            raise unauthenticated("an API key is needed, in the header X-API-Key")
        database: Any = getattr(scope["app"].state, "database", None)
        if database is None:
            raise unavailable("no database is connected")
        try:
            key = await ApiKeys(database).known(text)
        except PyMongoError as error:
            raise unavailable("the database does not answer") from error
        if key is None:
            detail = "the API key is unknown, expired or revoked"
            raise unauthenticated(detail, error=_INVALID)
        return Principal("api_key", key.id, key.name, frozenset(key.permissions))


class TokenCheck:
    """Wants a JSON Web Token, as a bearer token."""

    def __init__(self, tokens: Any) -> None:
        """Take a `Tokens`; its module needs an extra, so it is not named here."""
        self._tokens = tokens

    async def principal(self, scope: Scope, given: Credentials) -> Principal:  # noqa: ARG002
        """Judge the token."""
        from pulpo_base.api.security.tokens import BadTokenError

        if not given.bearer:
            raise unauthenticated("a bearer token is needed, in the header Authorization")
        try:
            found: Principal = await self._tokens.principal(given.bearer)
        except BadTokenError as error:
            raise unauthenticated(str(error), error=_INVALID) from error
        except (OSError, ValueError) as error:
            raise unavailable("the issuer of tokens does not answer") from error
        return found
