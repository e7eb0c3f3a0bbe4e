"""Where the documents of one kind are: each read with its revision, each write all or nothing.

Reads and writes go past Beanie's queries, to see the very bytes that are stored; its filters
(classes that share a collection, soft deletion), validation on save, events and revisions hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast
from uuid import uuid4

import bson
from beanie import Document, DocumentWithSoftDelete
from beanie.odm.actions import EventTypes, wrap_with_actions
from beanie.odm.utils.dump import get_dict
from beanie.odm.utils.parsing import parse_obj
from beanie.odm.utils.self_validation import validate_self_before
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pydantic import TypeAdapter, ValidationError
from pymongo import ReturnDocument
from pymongo.asynchronous.collection import AsyncCollection

from pulpo_base.api.annotations import id_type
from pulpo_base.api.revisions import Hidden, entity_tag
from pulpo_base.api.storable import is_storable
from pulpo_base.api.transactions import Database, How

__all__ = ["Raw", "Store", "Stored", "store_of"]

D = TypeVar("D", bound=Document)
Raw = RawBSONDocument
_DIRECTLY = How()


@dataclass(frozen=True, slots=True)
class Stored(Generic[D]):
    """A document as it was found in the database, or as it was put there."""

    document: D
    etag: str
    raw: Raw = field(repr=False)

    @property
    def unchanged(self) -> dict[str, Any]:
        """The filter that finds this document for as long as nobody has changed it."""
        return {"_id": self.raw["_id"], "$expr": {"$eq": ["$$ROOT", {"$literal": self.raw}]}}


class Store(Generic[D]):
    """The documents of one class in the database."""

    def __init__(self, document: type[D]) -> None:
        self.document = document
        self._hidden = Hidden(document)
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
        query = self.document.find_one({"_id": key}).get_filter_query()
        raw = await self.raw.find_one(query, session=how.session)
        return None if raw is None else self.parsed(raw)

    async def many(
        self,
        condition: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, Any]] = (),
        skip: int = 0,
        limit: int = 0,
        max_time_ms: int | None = None,
    ) -> AsyncIterator[Raw]:
        """Yield the documents that fit, as they are stored; 0 is no limit."""
        query = self.document.find(condition).get_filter_query()
        cursor = self.raw.find(
            query, sort=[*sort] or None, skip=skip, limit=limit, max_time_ms=max_time_ms
        )
        async with cursor:
            async for raw in cursor:
                yield raw

    async def count(self, condition: Mapping[str, Any], *, max_time_ms: int | None = None) -> int:
        """Return how many documents fit."""
        query = self.document.find(condition).get_filter_query()
        options: dict[str, Any] = {} if max_time_ms is None else {"maxTimeMS": max_time_ms}
        return await self._collection.count_documents(query, **options)

    def values(self, raw: Raw) -> dict[str, Any]:
        """Return what is stored, by the names that the database has for it."""
        return bson.decode(bytes(raw.raw), self.options)

    @property
    def database(self) -> Database:
        """The database that the documents are in."""
        return self._collection.database

    @property
    def options(self) -> CodecOptions[dict[str, Any]]:
        """How the connected client reads and writes values."""
        return self._collection.codec_options

    def parsed(self, raw: Raw) -> Stored[D]:
        """Return what the database has stored."""
        tag = entity_tag(self._hidden.left_out(bytes(raw.raw), self.options))
        return Stored(self.document_in(raw), tag, raw)

    def document_in(self, raw: Raw) -> D:
        """Return the document that is stored so."""
        return cast("D", parse_obj(self.document, self.values(raw)))

    async def insert(self, document: D, how: How = _DIRECTLY) -> Stored[D]:
        """Put a new document into the database. Raises `DuplicateKeyError`."""
        return self.parsed(await _insert(document, self, how=how, skip_actions=how.skip_actions))

    async def save(self, stored: Stored[D], document: D, how: How = _DIRECTLY) -> Stored[D] | None:
        """Write what differs; `None` where the stored document is not the same any more.

        Fields that the class does not know stay. Raises `DuplicateKeyError`.
        """
        raw = await _save(document, self, stored, how=how, skip_actions=how.skip_actions)
        return None if raw is None else self.parsed(raw)

    async def replace(
        self, stored: Stored[D], document: D, how: How = _DIRECTLY
    ) -> Stored[D] | None:
        """Put a document in the place of another with its id.

        Returns `None` where the stored one is not the same any more. Raises `DuplicateKeyError`.
        """
        raw = await _replace(document, self, stored, how=how, skip_actions=how.skip_actions)
        return None if raw is None else self.parsed(raw)

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
        query = stored.unchanged if unchanged else {"_id": stored.raw["_id"]}
        return await _delete(stored.document, self, query, how=how, skip_actions=how.skip_actions)

    async def _hide(self, stored: Stored[D], how: How) -> bool:
        document: Any = stored.document
        before = get_dict(document, to_db=True)
        document.deleted_at = dt.datetime.now(dt.UTC)
        return (
            await _save(document, self, stored, before, how=how, skip_actions=how.skip_actions)
            is not None
        )

    @property
    def _collection(self) -> AsyncCollection[dict[str, Any]]:
        return self.document.get_pymongo_collection()

    @property
    def raw(self) -> AsyncCollection[Raw]:
        """The collection, whose documents are left in the bytes that are stored."""
        options = self._collection.codec_options.with_options(document_class=Raw)
        return cast("AsyncCollection[Raw]", self._collection.with_options(options))


def store_of(document: type[D]) -> Store[D]:
    """Return the documents of a class; it has one store."""
    key: Any = document
    return cast("Store[D]", _store(key))


@lru_cache(maxsize=1024)
def _store(document: Any) -> Store[Any]:
    return Store(document)


def _dumped(document: Document) -> dict[str, Any]:
    if document.get_settings().use_revision:
        document.revision_id = uuid4()
    keep_nulls = document.get_settings().keep_nulls
    values: dict[str, Any] = get_dict(document, to_db=True, keep_nulls=keep_nulls)
    return values


def _encoded(document: Document, store: Store[Any]) -> Raw:
    # The id goes first, where the server would put it.
    values = _dumped(document)
    key = values.pop("_id", None)
    values = {"_id": bson.ObjectId() if key is None else key, **values}
    options = store.options
    content = bson.encode(values, codec_options=options)
    return Raw(content, options.with_options(document_class=Raw))


@validate_self_before
@wrap_with_actions(EventTypes.INSERT)
async def _insert(document: Any, store: Any, *, how: How, skip_actions: Any) -> Raw:
    del skip_actions  # for what wraps this function
    raw = _encoded(document, store)
    if not how.dry:
        await store.raw.insert_one(raw, session=how.session)
    document.id = raw["_id"]
    return raw


@validate_self_before
@wrap_with_actions(EventTypes.SAVE)
@wrap_with_actions(EventTypes.UPDATE)
async def _save(
    document: Any,
    store: Any,
    stored: Stored[Any],
    before: Mapping[str, Any] | None = None,
    *,
    how: How,
    skip_actions: Any,
) -> Raw | None:
    del skip_actions
    if how.dry:
        return _encoded(document, store)
    if before is None:
        before = get_dict(stored.document, to_db=True)
    updates = _differences(before, _dumped(document))
    if not updates:
        same = await store.raw.find_one(stored.unchanged, session=how.session)
        return cast("Raw | None", same)
    found = await store.raw.find_one_and_update(
        stored.unchanged, updates, return_document=ReturnDocument.AFTER, session=how.session
    )
    return cast("Raw | None", found)


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the update from one stored form to another; a new revision alone is none."""
    written = {key: value for key, value in after.items() if before.get(key, ...) != value}
    gone = dict.fromkeys(before.keys() - after.keys(), "")
    if not (written.keys() | gone.keys()) - {"revision_id"}:
        return {}
    return {name: fields for name, fields in (("$set", written), ("$unset", gone)) if fields}


@validate_self_before
@wrap_with_actions(EventTypes.REPLACE)
async def _replace(
    document: Any, store: Any, stored: Stored[Any], *, how: How, skip_actions: Any
) -> Raw | None:
    del skip_actions
    if how.dry:
        return _encoded(document, store)
    found = await store.raw.find_one_and_replace(
        stored.unchanged,
        _dumped(document),
        return_document=ReturnDocument.AFTER,
        session=how.session,
    )
    return cast("Raw | None", found)


@wrap_with_actions(EventTypes.DELETE)
async def _delete(
    document: Any, store: Any, query: Mapping[str, Any], *, how: How, skip_actions: Any
) -> bool:
    del document, skip_actions
    if how.dry:
        return True
    answer = await store.raw.delete_one(query, session=how.session)
    return bool(answer.deleted_count)
