"""The four writes of one document, as Beanie does them: validated on save, with its events.

`store` and `stored` are those of `store.py`. A write returns what is stored then, `None` where
the stored document is not the same any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from uuid import uuid4

import bson
from beanie import Document
from beanie.odm.actions import EventTypes, wrap_with_actions
from beanie.odm.utils.dump import get_dict
from beanie.odm.utils.self_validation import validate_self_before
from bson.raw_bson import RawBSONDocument
from pymongo import ReturnDocument

from pulpo_base.api.writes.transactions import How

__all__ = ["delete", "insert", "replace", "save"]

Raw = RawBSONDocument


def _dumped(document: Document) -> dict[str, Any]:
    if document.get_settings().use_revision:
        document.revision_id = uuid4()
    keep_nulls = document.get_settings().keep_nulls
    values: dict[str, Any] = get_dict(document, to_db=True, keep_nulls=keep_nulls)
    return values


def _encoded(document: Document, store: Any) -> Raw:
    # The id goes first, where the server would put it.
    values = _dumped(document)
    key = values.pop("_id", None)
    values = {"_id": bson.ObjectId() if key is None else key, **values}
    options = store.options
    content = bson.encode(values, codec_options=options)
    return Raw(content, options.with_options(document_class=Raw))


@validate_self_before
@wrap_with_actions(EventTypes.INSERT)
async def insert(document: Any, store: Any, *, how: How, skip_actions: Any) -> Raw:
    """Put a new document into the database."""
    del skip_actions  # for what wraps this function
    raw = _encoded(document, store)
    if not how.dry:
        await store.raw.insert_one(raw, session=how.session)
    document.id = raw["_id"]
    return raw


@validate_self_before
@wrap_with_actions(EventTypes.SAVE)
@wrap_with_actions(EventTypes.UPDATE)
async def save(
    document: Any,
    store: Any,
    stored: Any,
    before: Mapping[str, Any] | None = None,
    *,
    how: How,
    skip_actions: Any,
) -> Raw | None:
    """Write what differs."""
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
async def replace(
    document: Any, store: Any, stored: Any, *, how: How, skip_actions: Any
) -> Raw | None:
    """Put a document in the place of the stored one."""
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
async def delete(
    document: Any, store: Any, query: Mapping[str, Any], *, how: How, skip_actions: Any
) -> bool:
    """Delete what fits; return whether there was anything."""
    del document, skip_actions
    if how.dry:
        return True
    answer = await store.raw.delete_one(query, session=how.session)
    return bool(answer.deleted_count)
