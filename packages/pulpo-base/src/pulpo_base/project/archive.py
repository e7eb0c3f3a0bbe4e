"""Backups: a folder with one BSON file per collection and a manifest of their checksums.

Documents pass as the bytes that the server sent, so that every BSON type survives as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from pulpo_base.project.errors import ProjectError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pymongo.client_session import ClientSession
    from pymongo.database import Database

__all__ = ["Archive", "StoredCollection", "documents_in", "read_archive", "write_archive"]

_FORMAT = 1
_MANIFEST = "manifest.json"
#: A BSON document begins with its own length in four bytes (bsonspec.org).
_LENGTH = 4
#: The server's codes for a moment that it no longer has: SnapshotTooOld, SnapshotUnavailable.
_FORGOTTEN = {239, 246}


@dataclass(frozen=True, slots=True)
class StoredCollection:
    """One collection of an archive.

    `options` and `indexes` are what the server said of them, in extended JSON. A view has
    options and no file.
    """

    name: str
    options: Mapping[str, Any]
    indexes: tuple[Mapping[str, Any], ...] = ()
    file: str = ""
    documents: int = 0
    size: int = 0
    sha256: str = ""

    @property
    def is_view(self) -> bool:
        """Whether it is a view, which has no documents of its own."""
        return not self.file


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup on disk. `consistent` says that all collections are as at one moment."""

    folder: Path
    database: str
    created: str
    consistent: bool
    collections: tuple[StoredCollection, ...]

    def verify(self) -> None:
        """Compare every file with its checksum and walk its documents.

        Raises `ProjectError` that names each file that is missing or changed.
        """
        damaged = [text for one in self.collections if (text := self._damage(one))]
        if damaged:
            raise ProjectError(
                f"the backup {self.folder} is damaged, so nothing was restored",
                details=damaged,
                hint="use another backup",
            )

    def _damage(self, stored: StoredCollection) -> str:
        if stored.is_view:
            return ""
        path = self.folder / stored.file
        if not path.is_file():
            return f"{stored.name}: {stored.file} is missing"
        if path.stat().st_size != stored.size:
            return (
                f"{stored.name}: {stored.file} has {path.stat().st_size} bytes, not {stored.size}"
            )
        with path.open("rb") as source:
            if hashlib.file_digest(source, "sha256").hexdigest() != stored.sha256:
                return f"{stored.name}: {stored.file} has changed since it was written"
            source.seek(0)
            try:
                count = _count(source)
            except ValueError as error:
                return f"{stored.name}: {stored.file} {error}"
        if count != stored.documents:
            return f"{stored.name}: {stored.file} has {count} documents, not {stored.documents}"
        return ""


def write_archive(
    database: Database[dict[str, Any]], folder: Path, *, at_one_moment: bool = True
) -> Archive:
    """Back up `database` into the new `folder`; it is there whole, or not at all.

    On a replica set all collections but capped ones are read as at one moment, unless that is not
    wanted. Raises `ProjectError` where the folder exists already, a collection cannot be kept or
    the server has forgotten the moment, and PyMongo's errors.
    """
    from pymongo.errors import OperationFailure

    if folder.exists():
        raise ProjectError(f"{folder} exists already", hint="name a folder that does not exist")
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with _snapshot(database) if at_one_moment else nullcontext() as session:
            stored = tuple(_store(database, part, session))
        archive = Archive(
            folder,
            database.name,
            datetime.now(UTC).isoformat(timespec="seconds"),
            session is not None and not any(one.options.get("capped") for one in stored),
            stored,
        )
        _write_manifest(part, archive)
        part.rename(folder)
    except OperationFailure as error:
        if error.code not in _FORGOTTEN:
            raise
        raise ProjectError(
            "the backup took longer than the server keeps the moment that it began at "
            "(minSnapshotHistoryWindowInSeconds, five minutes by default)",
            hint="set that parameter of the server higher, or add --without-snapshot to read each "
            "collection as it is at the time",
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return archive


def read_archive(folder: Path) -> Archive:
    """Return the archive in `folder`, not verified. Raises `ProjectError` where there is none."""
    try:
        plain = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        return _archive(folder, plain)
    except FileNotFoundError as error:
        raise ProjectError(f"{folder} is no backup: it has no {_MANIFEST}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ProjectError(f"{folder / _MANIFEST} cannot be read: {error}") from error


def documents_in(path: Path) -> Iterator[Any]:
    """Yield the documents of a BSON file one by one, as they are."""
    from bson import decode_file_iter
    from bson.codec_options import CodecOptions
    from bson.raw_bson import RawBSONDocument

    with path.open("rb") as source:
        yield from decode_file_iter(source, CodecOptions(document_class=RawBSONDocument))


def _snapshot(database: Database[dict[str, Any]]) -> AbstractContextManager[ClientSession | None]:
    answer = database.client.admin.command("hello")
    if "setName" in answer or answer.get("msg") == "isdbgrid":
        return database.client.start_session(snapshot=True)
    return nullcontext()


def _store(
    database: Database[dict[str, Any]], part: Path, session: ClientSession | None
) -> Iterator[StoredCollection]:
    # A snapshot can be read from, and cannot be asked what there is.
    listed = sorted(database.list_collections(), key=lambda info: str(info["name"]))
    for number, info in enumerate(listed):
        name, kind = str(info["name"]), info["type"]
        if name.startswith("system."):
            continue
        if kind == "timeseries":
            raise ProjectError(
                f"{name} is a time series, which backups do not keep yet",
                hint="back the database up with `mongodump`",
            )
        options = _extended(info.get("options", {}))
        if kind == "view":
            yield StoredCollection(name, options)
            continue
        indexes = tuple(_extended(index) for index in database[name].list_indexes())
        file = f"{number:04}.bson"
        with _synced(part / file) as target:
            # The server does not read capped collections as at one moment.
            capped = bool(options.get("capped"))
            count, digest = _dump(database, name, None if capped else session, target)
            size = target.tell()
        yield StoredCollection(name, options, indexes, file, count, size, digest)


def _dump(
    database: Database[dict[str, Any]], name: str, session: ClientSession | None, target: BinaryIO
) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    # PyMongo declares the batches as documents.
    batches = cast("Iterator[bytes]", database[name].find_raw_batches(session=session))
    for batch in batches:
        at = 0
        while at < len(batch):
            at += int.from_bytes(batch[at : at + _LENGTH], "little")
            count += 1
        digest.update(batch)
        target.write(batch)
    return count, digest.hexdigest()


def _count(source: BinaryIO) -> int:
    count = 0
    while head := source.read(_LENGTH):
        rest = int.from_bytes(head, "little") - _LENGTH
        if len(head) < _LENGTH or rest <= 0 or len(body := source.read(rest)) < rest or body[-1]:
            raise ValueError(f"is no BSON after {count} documents")
        count += 1
    return count


def _extended(value: Mapping[str, Any]) -> dict[str, Any]:
    from bson.json_util import CANONICAL_JSON_OPTIONS, dumps

    plain: dict[str, Any] = json.loads(dumps(value, json_options=CANONICAL_JSON_OPTIONS))
    return plain


def _write_manifest(part: Path, archive: Archive) -> None:
    plain = {
        "format": _FORMAT,
        "database": archive.database,
        "created": archive.created,
        "consistent": archive.consistent,
        "collections": [
            {
                "name": one.name,
                "file": one.file,
                "documents": one.documents,
                "bytes": one.size,
                "sha256": one.sha256,
                "options": one.options,
                "indexes": list(one.indexes),
            }
            for one in archive.collections
        ],
    }
    with _synced(part / _MANIFEST) as target:
        target.write(json.dumps(plain, indent=2, ensure_ascii=False).encode())


def _archive(folder: Path, plain: Mapping[str, Any]) -> Archive:
    if plain["format"] != _FORMAT:
        raise ValueError(f"its format is {plain['format']}, not {_FORMAT}")
    return Archive(
        folder,
        plain["database"],
        plain["created"],
        bool(plain["consistent"]),
        tuple(_stored(item) for item in plain["collections"]),
    )


def _stored(plain: Mapping[str, Any]) -> StoredCollection:
    file = str(plain["file"])
    if file != Path(file).name:
        raise ValueError(f"{file!r} is no name of a file beside it")
    return StoredCollection(
        name=str(plain["name"]),
        options=dict(plain["options"]),
        indexes=tuple(plain["indexes"]),
        file=file,
        documents=int(plain["documents"]),
        size=int(plain["bytes"]),
        sha256=str(plain["sha256"]),
    )


@contextmanager
def _synced(path: Path) -> Iterator[BinaryIO]:
    with path.open("wb") as target:
        yield target
        target.flush()
        os.fsync(target.fileno())
