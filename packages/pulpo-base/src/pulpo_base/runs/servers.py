"""Which Prefect server runs the flows of an application, so that every process of it finds it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pymongo import AsyncMongoClient

from pulpo_base.runs.records import Database, Record

__all__ = ["PrefectServer", "limited_tags", "prefect_server", "remember_server"]

_COLLECTION: Final = "pulpo_servers"
_NAME: Final = "prefect"


@dataclass(frozen=True, slots=True)
class PrefectServer:
    """The API of a server, and the work pool whose workers run the application's flows."""

    url: str
    pool: str


async def remember_server(
    mongodb_url: str,
    database: str,
    *,
    api_url: str,
    pool: str,
    limited_tags: Iterable[str] = (),
) -> None:
    """Write down which server the flows were deployed to, and which tags were limited there."""
    async with AsyncMongoClient[Record](mongodb_url) as client:
        known = {
            "url": api_url,
            "pool": pool,
            "limited_tags": sorted(limited_tags),
            "at": dt.datetime.now(dt.UTC),
        }
        await client[database][_COLLECTION].update_one({"_id": _NAME}, {"$set": known}, upsert=True)


async def limited_tags(mongodb_url: str, database: str, *, api_url: str) -> list[str]:
    """Return the tags that the last deployment limited, if it was to this server."""
    async with AsyncMongoClient[Record](mongodb_url) as client:
        found = await client[database][_COLLECTION].find_one({"_id": _NAME, "url": api_url})
    return [] if found is None else list(found.get("limited_tags", ()))


async def prefect_server(database: Database) -> PrefectServer | None:
    """Return the server that the flows were deployed to, `None` where they never were.

    `PREFECT_API_URL` of this process counts more than what was written down: the same server may
    have another address from here.
    """
    found = await database[_COLLECTION].find_one({"_id": _NAME})
    if found is None:
        return None
    return PrefectServer(os.environ.get("PREFECT_API_URL") or found["url"], found["pool"])
