"""Documents that are asked for at the same moment come in one query, each to whom asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext
from contextvars import ContextVar
from typing import Any

import pymongo
import pytest
from bson import ObjectId
from bson.errors import InvalidBSON
from bson.raw_bson import RawBSONDocument
from pymongo import AsyncMongoClient, _csot
from pymongo.errors import PyMongoError
from pymongo.monitoring import CommandListener

from pulpo_base.api.documents.lookup import Lookup
from pulpo_base.api.http.outages import AWAY


class Finds(CommandListener):
    def __init__(self) -> None:
        self.filters: list[Any] = []

    def started(self, event: Any) -> None:
        if event.command_name == "find":
            self.filters.append(event.command["filter"])

    def succeeded(self, event: Any) -> None: ...

    def failed(self, event: Any) -> None: ...


@pytest.fixture
def finds() -> Finds:
    return Finds()


@pytest.fixture
async def things(mongodb_url: str, database_name: str, finds: Finds) -> AsyncIterator[Any]:
    client: AsyncMongoClient[Any] = AsyncMongoClient(
        mongodb_url, document_class=RawBSONDocument, event_listeners=[finds]
    )
    yield client[database_name]["things"]
    await client.close()


async def test_one_query_for_all_of_a_moment(things: Any, finds: Finds) -> None:
    keys = [ObjectId() for _ in range(5)]
    await things.insert_many([{"_id": key, "n": place} for place, key in enumerate(keys)])
    lookup = Lookup(things)
    missing = ObjectId()
    found = await asyncio.gather(*(lookup.find(key) for key in [*keys, missing, keys[0]]))
    assert [row and row["n"] for row in found] == [0, 1, 2, 3, 4, None, 0]
    assert [len(one["_id"]["$in"]) for one in finds.filters] == [6]


async def test_a_request_that_is_alone_asks_for_its_document(things: Any, finds: Finds) -> None:
    key = ObjectId()
    await things.insert_one({"_id": key})
    lookup = Lookup(things)
    found = await lookup.find(key)
    assert found is not None
    assert await lookup.find(ObjectId()) is None
    assert finds.filters[0] == {"_id": key}


async def test_more_than_the_server_answers_at_once(things: Any, finds: Finds) -> None:
    keys = [ObjectId() for _ in range(250)]
    await things.insert_many([{"_id": key} for key in keys])
    lookup = Lookup(things)
    found = await asyncio.gather(*(lookup.find(key) for key in keys))
    assert [row["_id"] for row in found if row] == keys
    assert sorted(len(one["_id"]["$in"]) for one in finds.filters) == [50, 100, 100]


async def test_ids_that_may_equal_others_are_asked_for_alone(things: Any, finds: Finds) -> None:
    await things.insert_many([{"_id": 5.0}, {"_id": "five"}])
    lookup = Lookup(things)
    found = await asyncio.gather(lookup.find(5), lookup.find("five"), lookup.find("six"))
    assert [row and row["_id"] for row in found] == [5.0, "five", None]
    assert len(finds.filters) == 3


async def test_a_request_that_is_given_up_disturbs_no_other(things: Any) -> None:
    key, other = ObjectId(), ObjectId()
    await things.insert_many([{"_id": key}, {"_id": other}])
    lookup = Lookup(things)
    waiting = [asyncio.create_task(lookup.find(one)) for one in (key, key, other)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(found[0], asyncio.CancelledError)
    assert [row["_id"] for row in found[1:] if isinstance(row, RawBSONDocument)] == [key, other]


asks: ContextVar[str] = ContextVar("asks", default="nobody")


class Watched:
    """A collection that notes for whom it is asked, and how long it may take."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bool]] = []

    def find(self, query: Any) -> Watched:
        self.rows = [{"_id": key} for key in query["_id"]["$in"]]
        return self

    async def to_list(self) -> list[Any]:
        self.seen.append((asks.get(), _csot.remaining() is not None))
        return self.rows

    async def find_one(self, query: Any) -> Any:
        self.seen.append((asks.get(), _csot.remaining() is not None))
        return query


async def _ask(lookup: Lookup, who: str, *, limit: float | None = None, away: bool = False) -> Any:
    asks.set(who)
    AWAY.set(away)
    with nullcontext() if limit is None else pymongo.timeout(limit):
        return await lookup.find(ObjectId())


async def test_what_a_request_has_of_its_own_holds_for_no_other() -> None:
    watched: Any = Watched()
    lookup = Lookup(watched)
    await asyncio.gather(_ask(lookup, "A", limit=0.5), _ask(lookup, "B"))
    assert watched.seen == [("nobody", False)]
    await asyncio.gather(_ask(lookup, "A", limit=0.5))
    assert watched.seen[1:] == [("A", True)]
    # One that has no time waits for nobody.
    await asyncio.gather(_ask(lookup, "A", limit=0.5, away=True), _ask(lookup, "B"))
    assert watched.seen[2:] == [("A", True), ("B", False)]


async def test_an_error_reaches_all(things: Any) -> None:
    lookup = Lookup(things)
    await things.database.client.close()
    found = await asyncio.gather(
        *(lookup.find(ObjectId()) for _ in range(3)), return_exceptions=True
    )
    assert len(found) == 3
    assert all(isinstance(one, PyMongoError) for one in found)


async def test_a_document_that_cannot_be_read_holds_nobody_up(things: Any) -> None:
    key, other = ObjectId(), ObjectId()
    await things.insert_many([{"_id": key}, {"_id": other}])
    far = {"$set": {"at": {"$toDate": 300_000_000_000_000}}}  # in the year 11476
    await things.update_one({"_id": key}, [far])
    lookup = Lookup(things)
    async with asyncio.timeout(10):
        found = await asyncio.gather(lookup.find(key), lookup.find(other))
    assert found[0] is not None
    assert found[1] is not None
    assert found[1]["_id"] == other
    with pytest.raises(InvalidBSON):
        found[0]["_id"]
