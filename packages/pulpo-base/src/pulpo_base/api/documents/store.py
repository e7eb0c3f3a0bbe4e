"""Where the documents of one kind are: each read with its revision, each write all or nothing.

Reads and writes go past Beanie's queries, to see the very bytes that are stored; its filters
(classes that share a collection, soft deletion), validation on save, events and revisions hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import bson
from beanie import Document, DocumentWithSoftDelete, PydanticObjectId
from beanie.odm.interfaces.find import FindInterface
from beanie.odm.utils.dump import get_dict
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pydantic import TypeAdapter, ValidationError
from pymongo.asynchronous.collection import AsyncCollection

from pulpo_base.api.documents import persistence
from pulpo_base.api.documents.lookup import Lookup
from pulpo_base.api.documents.representation import Representation
from pulpo_base.api.documents.revisions import Hidden, entity_tag
from pulpo_base.api.shapes.annotations import id_type
from pulpo_base.api.writes.transactions import Database, How
from pulpo_base.database.storable import is_storable

__all__ = ["Raw", "Store", "Stored", "store_of"]

D = TypeVar("D", bound=Document)
Raw = RawBSONDocument
_DIRECTLY = How()
#: How many documents of a long answer wait here; the server would send 16 MiB at once.
_BATCH = 500
_PLAIN_IDS = (bson.ObjectId, PydanticObjectId, UUID, str, int)


class Stored(Generic[D]):
    """A document as it was found in the database, or as it was put there."""

    def __init__(self, store: Store[D], raw: Raw) -> None:
        self.raw = raw
        self._store = store
        self.values: dict[str, Any] = bson.decode(raw.raw, store.options)
        """What is stored, by the names that the database has for it."""

    @cached_property
    def document(self) -> D:
        """What Beanie makes of it."""
        return self._store.representation.parsed(self.values)

    @cached_property
    def etag(self) -> str:
        """The revision (RFC 9110, 8.8.3)."""
        return self._store.tag(self.raw)

    @property
    def json(self) -> bytes:
        """The answer about it."""
        return self._store.representation.json(self.values)

    @property
    def unchanged(self) -> dict[str, Any]:
        """The filter that finds this document for as long as nobody has changed it."""
        return {"_id": self.values["_id"], "$expr": {"$eq": ["$$ROOT", {"$literal": self.raw}]}}


class Store(Generic[D]):
    """The documents of one class in the database."""

    def __init__(self, document: type[D]) -> None:
        self.document = document
        self.representation = Representation(document)
        self._hidden = Hidden(document)
        self._finds_as_beanie = all(
            getattr(getattr(document, name), "__func__", None) is vars(FindInterface)[name].__func__
            for name in ("find", "find_many", "find_one")
        )
        self._connected: tuple[Any, AsyncCollection[Raw], Lookup] | None = None
        self._key: TypeAdapter[Any] = TypeAdapter(id_type(document))

    async def find(self, key: Any, how: How = _DIRECTLY) -> Stored[D] | None:
        """Return the document with this id."""
        try:
            key = self._key.validate_python(key)
        except ValidationError:
            return None
        # An id that cannot be stored belongs to no document either.
        if not is_storable(key):
            return None
        if how.session is None and type(key) in _PLAIN_IDS and self._is_plain:
            # What Beanie would make of it, without the cost of building a query.
            raw = await self._lookup.find(key)
        else:
            query = self.document.find_one({"_id": key}).get_filter_query()
            raw = await self.raw.find_one(query, session=how.session)
        return None if raw is None else Stored(self, raw)

    @property
    def _is_plain(self) -> bool:
        """Whether Beanie looks for documents by nothing but what it is asked for."""
        cls = self.document
        settings = cls.get_settings()
        return self._finds_as_beanie and not (
            cls._inheritance_inited or settings.union_doc or settings.bson_encoders
        )

    async def many(
        self,
        condition: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, Any]] = (),
    ) -> AsyncIterator[dict[str, Any]]:
        """Yield the documents that fit, as they are stored."""
        query = self.document.find(condition).get_filter_query()
        async with self._collection.find(query, sort=[*sort] or None, batch_size=_BATCH) as cursor:
            async for values in cursor:
                yield values

    async def some(
        self,
        condition: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, Any]],
        skip: int,
        limit: int,
        max_time_ms: int,
    ) -> list[dict[str, Any]]:
        """Return at most `limit` of the documents that fit, as they are stored."""
        if condition or not self._is_plain:
            condition = self.document.find(condition).get_filter_query()
        cursor = self._collection.find(
            condition, sort=[*sort], skip=skip, limit=limit, max_time_ms=max_time_ms
        )
        return await cursor.to_list()

    async def ids(self, keys: Sequence[Any], how: How = _DIRECTLY) -> list[Any]:
        """Return those of the ids that documents have."""
        # Children count: a link to a class may refer to one of them.
        query = self.document.find({"_id": {"$in": [*keys]}}, with_children=True)
        rows = self._collection.find(query.get_filter_query(), {"_id": 1}, session=how.session)
        return [row["_id"] async for row in rows]

    async def count(self, condition: Mapping[str, Any], *, max_time_ms: int | None = None) -> int:
        """Return how many documents fit."""
        query = self.document.find(condition).get_filter_query()
        options: dict[str, Any] = {} if max_time_ms is None else {"maxTimeMS": max_time_ms}
        return await self._collection.count_documents(query, **options)

    @property
    def database(self) -> Database:
        """The database that the documents are in."""
        return self._collection.database

    @property
    def options(self) -> CodecOptions[dict[str, Any]]:
        """How the connected client reads and writes values."""
        return self._collection.codec_options

    def tag(self, raw: Raw) -> str:
        """Return the revision of what is stored."""
        return entity_tag(self._hidden.left_out(bytes(raw.raw), self.options))

    async def insert(self, document: D, how: How = _DIRECTLY) -> Stored[D]:
        """Put a new document into the database. Raises `DuplicateKeyError`."""
        return Stored(
            self, await persistence.insert(document, self, how=how, skip_actions=how.skip_actions)
        )

    async def save(self, stored: Stored[D], document: D, how: How = _DIRECTLY) -> Stored[D] | None:
        """Write what differs; `None` where the stored document is not the same any more.

        Fields that the class does not know stay. Raises `DuplicateKeyError`.
        """
        raw = await persistence.save(document, self, stored, how=how, skip_actions=how.skip_actions)
        return None if raw is None else Stored(self, raw)

    async def replace(
        self, stored: Stored[D], document: D, how: How = _DIRECTLY
    ) -> Stored[D] | None:
        """Put a document in the place of another with its id.

        Returns `None` where the stored one is not the same any more. Raises `DuplicateKeyError`.
        """
        raw = await persistence.replace(
            document, self, stored, how=how, skip_actions=how.skip_actions
        )
        return None if raw is None else Stored(self, raw)

    async def delete(
        self,
        stored: Stored[D],
        how: How = _DIRECTLY,
        *,
        unchanged: bool = False,
    ) -> bool:
        """Delete a document; return whether it was there, with `unchanged` in this very state."""
        if isinstance(stored.document, DocumentWithSoftDelete):
            return await self._hide(stored, how)
        query = stored.unchanged if unchanged else {"_id": stored.values["_id"]}
        return await persistence.delete(
            stored.document, self, query, how=how, skip_actions=how.skip_actions
        )

    async def _hide(self, stored: Stored[D], how: How) -> bool:
        document: Any = stored.document
        before = get_dict(document, to_db=True)
        document.deleted_at = dt.datetime.now(dt.UTC)
        return (
            await persistence.save(
                document, self, stored, before, how=how, skip_actions=how.skip_actions
            )
            is not None
        )

    @property
    def _collection(self) -> AsyncCollection[dict[str, Any]]:
        return self.document.get_pymongo_collection()

    @property
    def raw(self) -> AsyncCollection[Raw]:
        """The collection, whose documents are left in the bytes that are stored."""
        return self._of_connection[1]

    @property
    def _lookup(self) -> Lookup:
        return self._of_connection[2]

    @property
    def _of_connection(self) -> tuple[Any, AsyncCollection[Raw], Lookup]:
        """What belongs to the connected collection, which may be another one tomorrow."""
        collection = self._collection
        if self._connected is None or self._connected[0] is not collection:
            options = collection.codec_options.with_options(document_class=Raw)
            raw = cast("AsyncCollection[Raw]", collection.with_options(options))
            self._connected = (collection, raw, Lookup(raw))
        return self._connected


def store_of(document: type[D]) -> Store[D]:
    """Return the documents of a class; it has one store."""
    key: Any = document
    return cast("Store[D]", _store(key))


@lru_cache(maxsize=1024)
def _store(document: Any) -> Store[Any]:
    return Store(document)
