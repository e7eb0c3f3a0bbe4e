"""Rules about who may use the API, as the configuration says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pulpo_analysis.config.loading import LoadedConfig
from pulpo_analysis.config.settings import JwtConfig
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.addresses import is_loopback, is_trustworthy

__all__ = ["closed_doors", "matching_places", "working_sign_in"]

Read = tuple[AppSpec, LoadedConfig | None]

#: What `pulpo_base.api.security.tokens` takes: signatures that a public key checks.
_ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
_ORIGIN: Final = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?")

_HOST: Final = re.compile(
    r"\*|(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[?[0-9a-f:]*:[0-9a-f:.]+\]?", re.IGNORECASE
)


def working_sign_in(read: Read) -> Iterator[Diagnostic]:
    """PLC008: with `auth: jwt` it is said whose tokens are taken, and that they are safe."""
    _, loaded = read
    if loaded is None or loaded.config.api.auth != "jwt":
        return
    jwt = loaded.config.api.jwt
    for key, message, hint in _mistakes(jwt):
        yield finding("PLC008", message, loaded.place("api", "jwt", *key), hint=hint)


def _mistakes(jwt: JwtConfig) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield what is wrong: the key below `api.jwt`, the message and the remedy."""
    if not jwt.issuer:
        message = "`api.auth` is jwt, and `api.jwt.issuer` does not say whose tokens are taken"
        yield ("issuer",), message, "give the issuer's URL, as in `https://login.example.org/`"
    for key, url in (("issuer", jwt.issuer), ("jwks_url", jwt.jwks_url)):
        if url and not is_trustworthy(url):
            message = f"`api.jwt.{key}` is no https URL: somebody on the way could change the keys"
            yield (key,), message, "begin it with `https://`"
    if not jwt.audience:
        message = "`api.auth` is jwt, and `api.jwt.audience` does not say whom tokens are for"
        hint = "without it, a token that was made for any other application would be taken"
        yield ("audience",), message, hint
    if not jwt.algorithms:
        message = "`api.jwt.algorithms` is empty, so no token would be taken"
        yield ("algorithms",), message, "leave the key out for the default"
    for index, name in enumerate(jwt.algorithms):
        if name not in _ALGORITHMS:
            message = f"`api.jwt.algorithms` has {name!r}, whose tokens are not safe to take"
            hint = did_you_mean(name, _ALGORITHMS) or f"use {', '.join(_ALGORITHMS)}"
            yield ("algorithms", str(index)), message, hint


def closed_doors(read: Read) -> Iterator[Diagnostic]:
    """PLC009: an API that asks nobody who they are is for this machine, unless that is meant."""
    _, loaded = read
    if loaded is None:
        return
    api = loaded.config.api
    if api.auth == "none" and not api.public_without_auth and not is_loopback(api.host):
        yield finding(
            "PLC009",
            f"`api.host` is {api.host!r}, and with `auth: none` whoever reaches it may do all",
            loaded.place("api", "host"),
            hint="set `api.auth`, or say `public_without_auth: true`; until then it does not start",
        )


def matching_places(read: Read) -> Iterator[Diagnostic]:
    """PLC010: origins and hosts are as browsers send them, `public_paths` are paths."""
    _, loaded = read
    if loaded is None:
        return
    api = loaded.config.api
    for index, origin in enumerate(api.cors_origins):
        if not _ORIGIN.fullmatch(origin):
            yield finding(
                "PLC010",
                f"`api.cors_origins` has {origin!r}, which is no origin that a browser sends",
                loaded.place("api", "cors_origins", str(index)),
                hint="list each origin by itself, as in `https://admin.example.org`",
            )
    for index, host in enumerate(api.allowed_hosts):
        if not _HOST.fullmatch(host):
            yield finding(
                "PLC010",
                f"`api.allowed_hosts` has {host!r}, which is no name that a browser asks for",
                loaded.place("api", "allowed_hosts", str(index)),
                hint="list names without scheme and port, as in `shop.example.org`, "
                "`*.example.org` for all below one, `*` for any",
            )
    for index, path in enumerate(api.public_paths):
        if not path.startswith("/") or path.endswith("/"):
            yield finding(
                "PLC010",
                f"`api.public_paths` has {path!r}, which no path begins with",
                loaded.place("api", "public_paths", str(index)),
                hint="write it as in `/docs`; what is below it is meant too",
            )
