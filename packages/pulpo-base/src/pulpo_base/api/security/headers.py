"""The headers that every answer has: what browsers may do with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from starlette.types import Message, Send

__all__ = ["with_headers"]

Header = tuple[bytes, bytes]

_EVERY: Final[tuple[Header, ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)
#: A page (the API's documentation, the dashboard) loads what it consists of.
_PAGE: Final[tuple[Header, ...]] = (
    *_EVERY,
    (b"content-security-policy", b"frame-ancestors 'none'"),
)
_DATA: Final[tuple[Header, ...]] = (
    *_EVERY,
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
_PRIVATE: Final[Header] = (b"cache-control", b"private, no-cache")
_SECURE: Final[Header] = (b"strict-transport-security", b"max-age=31536000")


_ADDED: Final = {private: (*_DATA, _PRIVATE) if private else _DATA for private in (True, False)}
#: What an answer may say itself, and then says better.
_OWN: Final = {private: frozenset(name for name, _ in added) for private, added in _ADDED.items()}


def with_headers(send: Send, *, private: bool, secure: bool) -> Send:
    """Return a `send` that adds what an answer does not say itself.

    `private` keeps what one client may see out of shared caches; `secure` is for requests that
    came in over TLS.
    """

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = message.get("headers", ())
            more, own_names = _ADDED[private], _OWN[private]
            for name, value in own:
                is_page = name == b"content-type" and value.startswith(b"text/html")
                if is_page or name in own_names:
                    more = _besides(own, private=private)
                    break
            message["headers"] = [*own, *more, _SECURE] if secure else [*own, *more]
        await send(message)

    return sending


def _besides(own: Iterable[Header], *, private: bool) -> tuple[Header, ...]:
    """Return the headers for a page, or for an answer that has some of them already."""
    names = {name for name, _ in own}
    is_page = any(n == b"content-type" and v.startswith(b"text/html") for n, v in own)
    wanted = (*(_PAGE if is_page else _DATA), *((_PRIVATE,) if private else ()))
    return tuple(header for header in wanted if header[0] not in names)
