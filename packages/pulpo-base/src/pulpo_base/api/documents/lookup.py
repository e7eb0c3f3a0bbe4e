"""Documents by their ids: those that requests ask for at the same moment come in one query.

Half of what a request costs is the driver's work for one query, whatever that answers. Where one
request is alone nothing waits: the query leaves before the event loop does anything else.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from contextvars import Context, copy_context
from typing import Any
from uuid import UUID

from beanie import PydanticObjectId
from bson import ObjectId
from bson.errors import InvalidBSON
from bson.raw_bson import RawBSONDocument
from pymongo.asynchronous.collection import AsyncCollection

from pulpo_base.api.http.outages import AWAY

__all__ = ["Lookup"]

Raw = RawBSONDocument
#: Ids that equal nothing but themselves; numbers and texts may, by another type or a collation.
_EXACT = (ObjectId, PydanticObjectId, UUID)
#: What the server answers at once.
_MOST = 100

Waiting = dict[Any, list["asyncio.Future[Raw | None]"]]


class Lookup:
    """Reads the documents of one collection, for requests on one event loop."""

    def __init__(self, collection: AsyncCollection[Raw]) -> None:
        self._collection = collection
        self._waiting: Waiting = {}
        self._queries: set[asyncio.Task[None]] = set()

    async def find(self, key: Any) -> Raw | None:
        """Return the document with this id. Raises PyMongo's errors."""
        if type(key) not in _EXACT or AWAY.get():
            return await self._collection.find_one({"_id": key})
        loop = asyncio.get_running_loop()
        if not self._waiting:
            # Requests that can run at this moment ask before the loop comes to this.
            loop.call_soon(self._ask)
        found: asyncio.Future[Raw | None] = loop.create_future()
        self._waiting.setdefault(key, []).append(found)
        if len(self._waiting) >= _MOST:
            self._ask()
        return await found

    def _ask(self) -> None:
        waiting, self._waiting = self._waiting, {}
        if waiting:
            # What a request has of its own (its id, its time limit) holds for its own query alone;
            # one for several has the limit of the client.
            is_alone = sum(map(len, waiting.values())) == 1
            context = copy_context() if is_alone else Context()
            loop = asyncio.get_running_loop()
            query = loop.create_task(self._answer(waiting), context=context)
            self._queries.add(query)  # the loop itself keeps tasks only while they do not wait
            query.add_done_callback(self._queries.discard)

    async def _answer(self, waiting: Waiting) -> None:
        try:
            rows = await self._rows([*waiting])
        except asyncio.CancelledError:  # the loop is closing
            for found in _those_that_wait(waiting):
                found.cancel()
            raise
        except Exception as error:  # noqa: BLE001  # each request has its own way with it
            for found in _those_that_wait(waiting):
                found.set_exception(error)
            return
        for key, those in waiting.items():
            for found in those:
                if not found.done():
                    found.set_result(rows.get(key))

    async def _rows(self, keys: list[Any]) -> dict[Any, Raw | None]:
        if len(keys) > 1:
            rows = await self._collection.find({"_id": {"$in": keys}}).to_list()
            # One that Python cannot read, such as with a year after 9999, does not say whose it is.
            with suppress(InvalidBSON):
                return {row["_id"]: row for row in rows}
        return {key: await self._collection.find_one({"_id": key}) for key in keys}


def _those_that_wait(waiting: Waiting) -> list[asyncio.Future[Raw | None]]:
    """Return the futures of requests that have not been given up meanwhile."""
    return [found for each in waiting.values() for found in each if not found.done()]
