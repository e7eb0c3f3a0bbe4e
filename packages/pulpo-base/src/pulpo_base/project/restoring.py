"""Put a verified archive back into a database, one whole collection after the other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace as altered
from typing import TYPE_CHECKING, Any

from pulpo_base.database.api_keys import COLLECTION as API_KEYS
from pulpo_base.project.archive import Archive, StoredCollection, documents_in
from pulpo_base.project.errors import ProjectError

if TYPE_CHECKING:
    from pymongo.database import Database

__all__ = ["restore_archive"]

_PREFIX = "pulpo_restore"
#: Before the names of collections that are being replaced.
_ASIDE = "pulpo_replaced."
_BATCH = 1_000
_BATCH_BYTES = 8 * 1024 * 1024


def restore_archive(
    archive: Archive,
    database: Database[dict[str, Any]],
    *,
    replace: bool = False,
    with_keys: bool = False,
) -> Archive:
    """Verify the archive, then write its collections, with their options and indexes.

    All documents are written beside the present collections first; only when all are there do
    they take their places, and what was in these is dropped when all have theirs. Without `replace`
    no collection that has documents is touched. Where there are API keys, those of the archive are
    left out unless `with_keys`: keys that were revoked since would work again, and newer ones be
    lost. Returns what of the archive was restored. Raises `ProjectError` where the archive is
    damaged or would replace something, and PyMongo's errors; the present collections are then as
    they were, or the error says where they are.
    """
    archive.verify()
    _refuse_to_forget(database)
    if not with_keys and database[API_KEYS].find_one({}, {"_id": True}) is not None:
        others = tuple(one for one in archive.collections if one.name != API_KEYS)
        archive = altered(archive, collections=others)
    if not replace:
        _refuse_to_replace(archive, database)
    written: dict[str, str] = {}
    try:
        for number, one in enumerate(one for one in archive.collections if not one.is_view):
            name = f"{_PREFIX}.{number}"
            database.drop_collection(name)
            written[one.name] = name
            _write(archive, one, database, name)
        _exchange(archive, database, written)
    finally:
        for name in written.values():
            database.drop_collection(name)
    return archive


def _exchange(
    archive: Archive, database: Database[dict[str, Any]], written: Mapping[str, str]
) -> None:
    """Put what was written, and the views, in the place of what is there: all of it, or nothing."""
    present = {str(info["name"]): info for info in database.list_collections()}
    aside: list[str] = []
    with ExitStack() as undoing:
        for one in sorted(archive.collections, key=lambda one: one.is_view):
            if (old := present.get(one.name)) is not None:
                undoing.callback(_put_back, database, old)
                if old["type"] == "view":  # it is its definition, which is known
                    database.drop_collection(one.name)
                else:
                    _rename(database, one.name, _ASIDE + one.name)
                    aside.append(_ASIDE + one.name)
            undoing.callback(database.drop_collection, one.name)
            if one.is_view:
                database.command({"create": one.name, **_plain(one.options)})
            else:
                _rename(database, written[one.name], one.name)
        undoing.pop_all()
    for name in aside:
        database.drop_collection(name)


def _put_back(database: Database[dict[str, Any]], old: Mapping[str, Any]) -> None:
    from pymongo.errors import PyMongoError

    name = old["name"]
    try:
        if old["type"] == "view":
            database.drop_collection(name)
            database.command({"create": name, **old["options"]})
        elif _ASIDE + name in database.list_collection_names():
            _rename(database, _ASIDE + name, name)
    except PyMongoError as error:
        raise ProjectError(
            f"{name} could not be put back: {error}",
            hint=f"rename {_ASIDE}{name} to {name} once the database answers",
        ) from error


def _rename(database: Database[dict[str, Any]], name: str, to: str) -> None:
    database.client.admin.command(
        "renameCollection",
        f"{database.name}.{name}",
        to=f"{database.name}.{to}",
        dropTarget=True,  # what an application wrote into it meanwhile
    )


def _refuse_to_forget(database: Database[dict[str, Any]]) -> None:
    left = sorted(name for name in database.list_collection_names() if name.startswith(_ASIDE))
    if left:
        raise ProjectError(
            f"a restore was killed, and left what it was to replace in {', '.join(left)}",
            hint=f"rename these to what comes after {_ASIDE!r}, or drop them",
        )


def _refuse_to_replace(archive: Archive, database: Database[dict[str, Any]]) -> None:
    present = set(database.list_collection_names())
    names = [one.name for one in archive.collections if one.name in present]
    full = [name for name in names if database[name].find_one({}, {"_id": True}) is not None]
    if full:
        raise ProjectError(
            f"the database {database.name} has documents in {', '.join(full)}",
            hint="add --replace to put the backup in their place",
        )


def _write(
    archive: Archive, stored: StoredCollection, database: Database[dict[str, Any]], name: str
) -> None:
    database.command({"create": name, **_plain(stored.options)})
    collection: Any = database[name]
    for batch in _batches(documents_in(archive.folder / stored.file)):
        # What was stored before the collection had a validator is to come back, too.
        collection.insert_many(batch, bypass_document_validation=True)
    indexes = [
        {key: value for key, value in _plain(index).items() if key != "ns"}
        for index in stored.indexes
        if index["name"] != "_id_" and not index.get("clustered")
    ]
    if indexes:
        database.command("createIndexes", name, indexes=indexes)
    if (count := collection.count_documents({})) != stored.documents:
        raise ProjectError(f"{stored.name}: {count} of {stored.documents} documents were written")


def _batches(documents: Iterator[Any]) -> Iterator[Sequence[Any]]:
    batch: list[Any] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.raw)
        if len(batch) == _BATCH or size > _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _plain(extended: Mapping[str, Any]) -> dict[str, Any]:
    from bson.json_util import CANONICAL_JSON_OPTIONS, loads

    value: dict[str, Any] = loads(json.dumps(extended), json_options=CANONICAL_JSON_OPTIONS)
    return value
