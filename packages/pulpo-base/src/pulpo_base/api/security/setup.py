"""`secure`: the one call that puts an application behind its gate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from pulpo_base.api.security.credentials import ApiKeyCheck, Check, TokenCheck
from pulpo_base.api.security.gate import HEALTH, Gate
from pulpo_base.api.security.key_sets import KeySet
from pulpo_base.api.security.openapi import described

__all__ = ["SecuritySettings", "secure"]

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_ASKED = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match")
_ANSWERED = ("ETag", "Idempotent-Replayed", "Location", "Retry-After", "X-Request-ID")


class SecuritySettings(Protocol):
    """The attributes of the generated settings that `secure` reads.

    `auth` is `none`, `api_key` or `jwt`. `rate_limit` counts the requests a minute of each key,
    or of each client where there are no keys; 0 is no limit.
    """

    @property
    def auth(self) -> str: ...  # noqa: D102 - attributes, explained above
    @property
    def jwt_issuer(self) -> str: ...  # noqa: D102
    @property
    def jwt_audience(self) -> str: ...  # noqa: D102
    @property
    def jwt_jwks_url(self) -> str: ...  # noqa: D102
    @property
    def jwt_algorithms(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def jwt_permissions_claim(self) -> str: ...  # noqa: D102
    @property
    def public_without_auth(self) -> bool: ...  # noqa: D102
    @property
    def allowed_hosts(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def public_paths(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def cors_origins(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def rate_limit(self) -> int: ...  # noqa: D102
    @property
    def max_body_bytes(self) -> int: ...  # noqa: D102


def secure(app: FastAPI, settings: SecuritySettings, *, public_pages: Iterable[str] = ()) -> None:
    """Put every route of an application behind credentials, limits and permissions.

    `public_pages` are read (GET, HEAD) without credentials whatever the settings say, as those of
    the admin UI are.
    Call it before middleware that should see refused requests too. Raises `ValueError` for
    settings that would let everybody in or nobody, `ModuleNotFoundError` where `auth` needs an
    extra that is not installed.
    """
    pages = tuple(public_pages)
    app.add_middleware(
        Gate,
        check=_check(settings),
        public_without_auth=settings.public_without_auth,
        allowed_hosts=settings.allowed_hosts,
        trusted_origins=settings.cors_origins,
        public_paths=settings.public_paths,
        public_pages=pages,
        rate_limit=settings.rate_limit,
        max_body_bytes=settings.max_body_bytes,
    )
    if settings.cors_origins:
        # Outside of the gate: a preflight carries no credentials, and a refusal can be read.
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=_METHODS,
            allow_headers=(*_ASKED, "X-API-Key"),
            expose_headers=_ANSWERED,
        )
    known = (HEALTH, *pages, *settings.public_paths)
    app.openapi = described(  # type: ignore[method-assign]  # as FastAPI's manual extends it
        app.openapi,
        auth=settings.auth,
        issuer=settings.jwt_issuer,
        limited=settings.rate_limit > 0,
        is_public=lambda path: any(path == p or path.startswith(f"{p}/") for p in known),
    )


def _check(settings: SecuritySettings) -> Check | None:
    if settings.auth == "none":
        return None
    if settings.auth == "api_key":
        return ApiKeyCheck()
    if settings.auth != "jwt":
        raise ValueError(f"auth is {settings.auth!r}; it can be none, api_key or jwt")
    from pulpo_base.api.security.tokens import Tokens

    return TokenCheck(
        Tokens(
            settings.jwt_issuer,
            settings.jwt_audience,
            keys=KeySet(settings.jwt_issuer, settings.jwt_jwks_url),
            algorithms=settings.jwt_algorithms,
            permissions_claim=settings.jwt_permissions_claim,
        )
    )
