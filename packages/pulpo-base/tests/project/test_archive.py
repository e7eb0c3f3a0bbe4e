"""Backups and what comes of them: exact, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from bson import (
    SON,
    Binary,
    Code,
    DBRef,
    Decimal128,
    Int64,
    MaxKey,
    MinKey,
    ObjectId,
    Regex,
    Timestamp,
)
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import OperationFailure

from pulpo_base.project import archive as archiving
from pulpo_base.project import restoring
from pulpo_base.project.archive import read_archive, write_archive
from pulpo_base.project.errors import ProjectError
from pulpo_base.project.restoring import restore_archive

EVERY_TYPE = SON(
    [
        ("_id", ObjectId()),
        ("z_first", 1),
        ("double", float("nan")),
        ("negative_zero", -0.0),
        ("int64", Int64(1)),
        ("decimal", Decimal128("1.10")),
        ("text", "ünï\0code"),
        ("binary", Binary(b"\0\1", 128)),
        ("uuid", Binary.from_uuid(UUID(int=7))),
        ("date", datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
        ("timestamp", Timestamp(1, 2)),
        ("regex", Regex("a.*", "im")),
        ("code", Code("return x", {"x": 1})),
        ("reference", DBRef("other", ObjectId())),
        ("least", MinKey()),
        ("greatest", MaxKey()),
        ("nothing", None),
        ("nested", [{"b": [[]], "a": {}}]),
    ]
)

Any_ = dict[str, Any]


@pytest.fixture
def database(mongodb_url: str, database_name: str) -> Iterator[Database[Any_]]:
    with MongoClient[Any_](mongodb_url) as client:
        yield client[database_name]
        client.drop_database(database_name)


def _raw(database: Database[Any_]) -> dict[str, list[bytes]]:
    options: Any = CodecOptions(document_class=RawBSONDocument)
    return {
        name: [
            bytes(cast("Any", d).raw)
            for d in database.get_collection(name, options).find().sort("_id", 1)
        ]
        for name in sorted(database.list_collection_names())
    }


def _shape(database: Database[Any_]) -> list[Any]:
    listed = sorted(database.list_collections(), key=lambda info: str(info["name"]))
    return [
        (info["name"], info["type"], info["options"], _indexes(database, info)) for info in listed
    ]


def _indexes(database: Database[Any_], info: Any) -> Any:
    return [] if info["type"] == "view" else list(database[info["name"]].list_indexes())


def _fill(database: Database[Any_]) -> None:
    database["typen ü"].insert_one(EVERY_TYPE)
    many = database["many"]
    many.insert_many([{"_id": n, "text": "x" * 1000} for n in range(2500)])
    many.create_index([("text", -1), ("_id", 1)], name="both", unique=True)
    many.create_index([("words", "text")], default_language="german")
    many.create_index("until", expireAfterSeconds=60, partialFilterExpression={"a": {"$gt": 1}})
    database.create_collection("capped", capped=True, size=4096)
    database["strict"].insert_one({"old": True})
    database.command("collMod", "strict", validator={"new": {"$exists": True}})
    database.create_collection("view", viewOn="many", pipeline=[{"$match": {"_id": 3}}])


def test_everything_comes_back_as_it_was(database: Database[Any_], tmp_path: Path) -> None:
    _fill(database)
    documents, shape = _raw(database), _shape(database)
    archive = write_archive(database, tmp_path / "bäck up" / "one")
    assert not archive.consistent, "one is capped"
    assert read_archive(archive.folder) == archive
    assert {one.name: one.documents for one in archive.collections} == {
        "capped": 0,
        "many": 2500,
        "strict": 1,
        "typen ü": 1,
        "view": 0,
    }
    with pytest.raises(ProjectError, match="exists already"):
        write_archive(database, archive.folder)
    with pytest.raises(ProjectError, match=r"has documents in many, strict, typen ü, view"):
        restore_archive(archive, database)
    database["many"].delete_many({})
    database["strict"].drop()
    database["kept"].insert_one({"_id": 1})
    restore_archive(archive, database, replace=True)
    assert database["kept"].count_documents({}) == 1
    database["kept"].drop()
    assert _raw(database) == documents
    assert _shape(database) == shape
    assert [path.name for path in archive.folder.parent.iterdir()] == ["one"]


def test_all_collections_are_as_at_one_moment(
    database: Database[Any_], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        database[name].insert_one({"_id": 1})
    from pulpo_base.project import archive

    dump = archive._dump

    def dump_and_write(*arguments: Any) -> Any:
        done = dump(*arguments)
        database["b"].insert_one({"_id": f"after {arguments[1]}"})
        return done

    monkeypatch.setattr(archive, "_dump", dump_and_write)
    written = write_archive(database, tmp_path / "one")
    assert written.consistent
    assert [one.documents for one in written.collections] == [1, 1]
    assert database["b"].count_documents({}) == 3


def test_damage_is_found_before_anything_changes(database: Database[Any_], tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        database[name].insert_many([{"_id": 1, "v": name}, {"_id": 2}])
    archive = write_archive(database, tmp_path / "one")
    before = _raw(database)
    flipped, short, gone, _ = (archive.folder / one.file for one in archive.collections)
    content = bytearray(flipped.read_bytes())
    content[-3] ^= 1
    flipped.write_bytes(content)
    short.write_bytes(short.read_bytes()[:-1])
    gone.unlink()
    with pytest.raises(ProjectError, match="is damaged, so nothing was restored") as raised:
        restore_archive(archive, database, replace=True)
    assert [line.partition(": ")[0] for line in raised.value.details] == ["a", "b", "c"]
    assert "has changed" in raised.value.details[0]
    assert "bytes, not" in raised.value.details[1]
    assert "is missing" in raised.value.details[2]
    assert _raw(database) == before


def test_restore_that_fails_leaves_the_present(database: Database[Any_], tmp_path: Path) -> None:
    database["a"].insert_one({"_id": 1})
    database["b"].insert_many([{"_id": 1, "v": 1}, {"_id": 2, "v": 1}])
    folder = write_archive(database, tmp_path / "one").folder
    manifest = folder / "manifest.json"
    plain = json.loads(manifest.read_text())
    unique = {"v": 2, "key": {"v": {"$numberInt": "1"}}, "name": "v", "unique": True}
    plain["collections"][1]["indexes"].append(unique)
    manifest.write_text(json.dumps(plain))
    database["a"].insert_one({"_id": 2})
    before = _raw(database)
    with pytest.raises(Exception, match="duplicate key"):
        restore_archive(read_archive(folder), database, replace=True)
    assert _raw(database) == before


def test_what_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"is no backup: it has no manifest\.json"):
        read_archive(tmp_path)
    for text in ("{", '{"format": 2}', '{"format": 1}', "[]"):
        (tmp_path / "manifest.json").write_text(text)
        with pytest.raises(ProjectError, match="cannot be read"):
            read_archive(tmp_path)
    outside = {"name": "a", "file": "../a.bson", "options": {}, "indexes": [], "documents": 0}
    whole = {"database": "d", "created": "", "consistent": True, "collections": [outside]}
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 1, **whole}))
    with pytest.raises(ProjectError, match="is no name of a file beside it"):
        read_archive(tmp_path)


def test_a_restore_that_fails_half_way_leaves_what_was_there(
    database: Database[Any_], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(database)
    archive = write_archive(database, tmp_path / "one")
    for name in ("many", "strict"):
        database[name].delete_many({})
    database["many"].insert_one({"_id": "newer"})
    database.drop_collection("view")
    database.create_collection("view", viewOn="strict", pipeline=[])
    documents, shape = _raw(database), _shape(database)
    rename, calls = restoring._rename, []

    def failing(database: Database[Any_], name: str, to: str) -> None:
        calls.append(to)
        if len(calls) == 6:  # two were replaced, and the third was put aside
            raise OperationFailure("out of space")
        rename(database, name, to)

    monkeypatch.setattr(restoring, "_rename", failing)
    with pytest.raises(OperationFailure, match="out of space"):
        restore_archive(archive, database, replace=True)
    assert len(calls) > 6
    assert (_raw(database), _shape(database)) == (documents, shape)

    monkeypatch.undo()
    restore_archive(archive, database, replace=True)
    assert database["many"].count_documents({}) == 2500
    assert database["view"].count_documents({}) == 1
    assert not [name for name in database.list_collection_names() if name.startswith("pulpo_")]


def test_what_a_killed_restore_put_aside_is_not_dropped(
    database: Database[Any_], tmp_path: Path
) -> None:
    database["kept"].insert_one({"_id": 1})
    archive = write_archive(database, tmp_path / "one")
    database["kept"].rename("pulpo_replaced.kept")
    with pytest.raises(ProjectError, match=r"left what it was to replace in pulpo_replaced\.kept"):
        restore_archive(archive, database, replace=True)
    assert database["pulpo_replaced.kept"].count_documents({}) == 1


def test_a_backup_that_takes_too_long_says_what_to_do(
    database: Database[Any_], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database["a"].insert_one({"_id": 1})
    dump = archiving._dump

    def slow(database: Any, name: str, session: Any, target: Any) -> tuple[int, str]:
        if session is not None:
            raise OperationFailure("Read timestamp is older than the oldest", 239)
        return dump(database, name, session, target)

    monkeypatch.setattr(archiving, "_dump", slow)
    with pytest.raises(ProjectError, match="minSnapshotHistoryWindowInSeconds") as caught:
        write_archive(database, tmp_path / "one")
    assert "--without-snapshot" in caught.value.hint
    assert list(tmp_path.iterdir()) == []

    archive = write_archive(database, tmp_path / "one", at_one_moment=False)
    assert not archive.consistent
    assert archive.collections[0].documents == 1


def test_a_restore_does_not_bring_revoked_keys_back(
    database: Database[Any_], tmp_path: Path
) -> None:
    keys = database["pulpo_api_keys"]
    keys.insert_one({"_id": "old", "revoked_at": None})
    database["orders"].insert_one({"_id": 1})
    archive = write_archive(database, tmp_path / "backup")
    keys.update_one({"_id": "old"}, {"$set": {"revoked_at": datetime.now(UTC)}})
    keys.insert_one({"_id": "new", "revoked_at": None})
    present = list(keys.find())

    restored = restore_archive(archive, database, replace=True)
    assert [one.name for one in restored.collections] == ["orders"]
    assert list(keys.find()) == present
    restore_archive(archive, database, replace=True, with_keys=True)
    assert list(keys.find()) == [{"_id": "old", "revoked_at": None}]
    keys.drop()
    restore_archive(archive, database, replace=True)
    assert keys.count_documents({}) == 1
