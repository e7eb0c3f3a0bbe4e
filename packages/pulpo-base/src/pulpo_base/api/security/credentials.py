"""From a request's headers to who makes it."""

from __future__ import annotations

from typing import Any, Protocol

from pymongo.errors import PyMongoError
from starlette.types import Scope

from pulpo_base.api.security.principals import Principal
from pulpo_base.api.security.refusals import unauthenticated, unavailable
from pulpo_base.database.api_keys import ApiKeys

__all__ = ["ApiKeyCheck", "Check", "Credentials", "TokenCheck"]

_INVALID = "invalid_token"


class Credentials:
    """What the headers of a request say that matters at the gate."""

    __slots__ = ("api_key", "authorization", "host", "length")

    def __init__(self, scope: Scope) -> None:
        self.api_key = self.authorization = self.host = self.length = b""
        for name, value in scope["headers"]:
            if name == b"host":
                self.host = value
            elif name == b"content-length":
                self.length = value
            elif name == b"x-api-key":
                self.api_key = value
            elif name == b"authorization":
                self.authorization = value

    @property
    def bearer(self) -> str:
        """The token of the Authorization header, empty where there is none."""
        scheme, _, token = self.authorization.decode("latin-1").partition(" ")
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
        text = given.api_key.decode("latin-1") or given.bearer
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
