"""The API and the dashboard agree on which requests were not made on this machine.

The packages do not know each other, so each has the rule; both look at the same headers.
"""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from pulpo_base.api.security.gate import Gate
from pulpo_base.api.security.reach import FORWARDED
from pulpo_selfaware import selfaware_router
from pulpo_selfaware.web import access


def test_both_know_the_same_headers() -> None:
    assert {name.decode() for name in FORWARDED} == set(access._FORWARDED)


@pytest.mark.parametrize("name", ["", *access._FORWARDED])
async def test_what_a_proxy_passes_on_is_refused_by_both(name: str) -> None:
    dashboard = FastAPI()
    dashboard.include_router(selfaware_router(prefix="/selfaware"))
    gated = FastAPI()
    gated.get("/selfaware/stats")(lambda: "data")
    gated.add_middleware(Gate)
    for app in (dashboard, gated):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answer = await client.get("/selfaware/stats", headers={name: "x"} if name else {})
            assert answer.status_code == (403 if name else 200)
