"""The headers that every answer has: what browsers may do with it."""

from __future__ import annotations

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


def with_headers(send: Send, *, private: bool, secure: bool) -> Send:
    """Return a `send` that adds what an answer does not say itself.

    `private` keeps what one client may see out of shared caches; `secure` is for requests that
    came in over TLS.
    """

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = message.get("headers", ())
            names = {name for name, _ in own}
            is_page = any(n == b"content-type" and v.startswith(b"text/html") for n, v in own)
            more = [header for header in (_PAGE if is_page else _DATA) if header[0] not in names]
            if private and _PRIVATE[0] not in names:
                more.append(_PRIVATE)
            if secure:
                more.append(_SECURE)
            message = {**message, "headers": [*own, *more]}
        await send(message)

    return sending
