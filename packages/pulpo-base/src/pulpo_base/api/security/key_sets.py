"""The public keys of an issuer of tokens (JWKS), fetched when needed and not more often."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from contextvars import Context
from http.client import HTTPException
from typing import Any, Final
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pulpo_base.addresses import is_trustworthy

__all__ = ["KeySet", "fetched"]

Plain = dict[str, Any]

_FRESH_S: Final = 600.0
#: An unknown key id, which anybody can make up, causes at most one fetch in this time.
_BETWEEN_FETCHES_S: Final = 30.0
_TIMEOUT_S: Final = 5.0
_LARGEST: Final = 1_000_000
_KINDS: Final = ("RSA", "EC", "OKP")

_log = logging.getLogger(__name__)


class KeySet:
    """The keys at `url`, or where the metadata of `issuer` (OpenID Connect Discovery) says.

    They are kept for ten minutes. Where the issuer does not answer, those that are known stay.
    """

    def __init__(
        self,
        issuer: str,
        url: str = "",
        *,
        fetch: Callable[[str], Plain] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._url = url
        self._fetch = fetch or fetched
        self._clock = clock
        self._keys: dict[str | None, Plain] = {}
        self._tried_at = self._got_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    async def key(self, kid: str | None) -> Plain | None:
        """Return the key (a JWK) with this id, or the only one there is where none is named.

        Raises `OSError` or `ValueError` where no keys are known and none can be had.
        """
        if self._must_fetch(kid):
            # Nobody's own: whoever is given up meanwhile does not take the others' keys along.
            await asyncio.shield(self._fetching or self._begun())
        if kid is None:
            return next(iter(self._keys.values())) if len(self._keys) == 1 else None
        return self._keys.get(kid)

    def _must_fetch(self, kid: str | None) -> bool:
        now = self._clock()
        if now - self._tried_at < _BETWEEN_FETCHES_S:
            return False
        is_unknown = kid is not None and kid not in self._keys
        return is_unknown or now - self._got_at > _FRESH_S

    def _begun(self) -> asyncio.Task[None]:
        """Return the fetch that all who need one wait for until it ends."""
        task = asyncio.create_task(self._refresh(), context=Context())
        self._fetching = task
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._fetching = None
        if not task.cancelled():
            task.exception()  # heard, also where nobody waits any more

    async def _refresh(self) -> None:
        try:
            keys = await asyncio.to_thread(self._load)
        except (OSError, ValueError) as error:
            if not self._keys:
                # Nothing to fall back on: whoever comes next may try again.
                raise
            _log.warning("the issuer's keys cannot be fetched, those known stay: %s", error)
        else:
            self._keys, self._got_at = keys, self._clock()
        self._tried_at = self._clock()

    def _load(self) -> dict[str | None, Plain]:
        found = self._fetch(self._url or self._discovered()).get("keys")
        keys = found if isinstance(found, list) else []
        return {key.get("kid"): key for key in keys if isinstance(key, dict) and _is_public(key)}

    def _discovered(self) -> str:
        place = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        metadata = self._fetch(place)
        if metadata.get("issuer") != self._issuer:
            raise ValueError("the issuer's metadata is another issuer's")
        return str(metadata.get("jwks_uri", ""))


def _is_public(key: Plain) -> bool:
    has_name = isinstance(key.get("kid"), str | None)
    return has_name and key.get("kty") in _KINDS and key.get("use", "sig") == "sig"


class _NoRedirects(HTTPRedirectHandler):
    """The keys are where they are said to be, and nowhere else."""

    def redirect_request(self, *_args: Any, **_options: Any) -> None:
        """Follow nothing."""


def fetched(url: str) -> Plain:
    """Return the JSON object at a URL. Raises `OSError` or `ValueError`."""
    if not is_trustworthy(url):
        raise ValueError("keys are fetched by https only")
    request = Request(url, headers={"Accept": "application/json"})  # noqa: S310 - just checked
    try:
        with build_opener(_NoRedirects).open(request, timeout=_TIMEOUT_S) as answer:
            text = answer.read(_LARGEST + 1)
    except URLError as error:
        raise OSError(str(error.reason)) from error
    except HTTPException as error:
        raise OSError(f"the answer is no HTTP: {type(error).__name__}") from error
    found = json.loads(text) if len(text) <= _LARGEST else None
    if not isinstance(found, dict):
        raise ValueError("a JSON object was expected")  # noqa: TRY004 - it is the answer's value
    return found
