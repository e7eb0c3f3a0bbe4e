"""Put a verified archive back into a database, one whole collection after the other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pulpo_base.project.archive import Archive, StoredCollection, documents_in
from pulpo_base.project.errors import ProjectError

if TYPE_CHECKING:
    from pymongo.database import Database

__all__ = ["restore_archive"]

_PREFIX = "pulpo_restore"
_BATCH = 1_000
_BATCH_BYTES = 8 * 1024 * 1024


def restore_archive(
    archive: Archive, database: Database[dict[str, Any]], *, replace: bool = False
) -> None:
    """Verify the archive, then write its collections, with their options and indexes.

    All documents are written beside the present collections first; only when all are there do
    they take their places. Without `replace` no collection that has documents is touched.
    Raises `ProjectError` where the archive is damaged or would replace something, and
    PyMongo's errors; the present collections are then as they were.
    """
    archive.verify()
    if not replace:
        _refuse_to_replace(archive, database)
    stored = [one for one in archive.collections if not one.is_view]
    written: list[tuple[str, str]] = []
    try:
        for number, one in enumerate(stored):
            name = f"{_PREFIX}.{number}"
            database.drop_collection(name)
            written.append((name, one.name))
            _write(archive, one, database, name)
        for name, final in written:
            database.client.admin.command(
                "renameCollection",
                f"{database.name}.{name}",
                to=f"{database.name}.{final}",
                dropTarget=True,
            )
    finally:
        for name, _ in written:
            database.drop_collection(name)
    for view in archive.collections:
        if view.is_view:
            database.drop_collection(view.name)
            database.command({"create": view.name, **_plain(view.options)})


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
