"""Options and uses of the middleware that are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI

from pulpo_selfaware import add_selfawareness_middleware

if TYPE_CHECKING:
    from pulpo_selfaware import EventTracker


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"slow_request_ms": 0}, "slow_request_ms"),
        ({"sample_rate": 2}, "share between 0 and 1"),
        ({"exclude": "/health"}, r'exclude=\["/health"\]'),
        ({"exclude": ["health"]}, 'start with "/"'),
        ({"safe_fields": "page"}, r'safe_fields=\["page"\]'),
    ],
)
def test_bad_options_are_refused_where_they_are_given(
    options: dict[str, Any], complaint: str
) -> None:
    with pytest.raises((ValueError, TypeError), match=complaint):
        add_selfawareness_middleware(FastAPI(), **options)


async def test_misuse_is_explained(tracker: EventTracker) -> None:
    async def plain(scope: Any, receive: Any, send: Any) -> None:
        """Nothing."""

    with pytest.raises(TypeError, match="wrap it: app = SelfAwarenessMiddleware"):
        add_selfawareness_middleware(plain)
    app = FastAPI()
    add_selfawareness_middleware(app)
    with pytest.raises(RuntimeError, match="already"):
        add_selfawareness_middleware(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
        await client.get("/")
    with pytest.raises(RuntimeError, match="has started"):
        add_selfawareness_middleware(app)
