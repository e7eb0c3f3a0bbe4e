"""`read_disk`: what is there now, as plain values for the decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pulpo_codegen.digest import sha256
from pulpo_codegen.write.files import FileSystem, PathKind

__all__ = ["MISSING", "DiskEntry", "DiskKind", "kind_of", "read_disk"]


class DiskKind(StrEnum):
    """What is at an output path."""

    MISSING = "missing"
    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"
    BELOW_FILE = "below-file"
    """A part above it is a file: nothing is there, and nothing can be before that is gone."""
    ESCAPES = "escapes"
    """A part above it is a symbolic link: the path may lead anywhere."""


@dataclass(frozen=True, slots=True)
class DiskEntry:
    """What is at one output path; `sha256` is set for files only."""

    kind: DiskKind
    sha256: str | None = None
    executable: bool = False


MISSING = DiskEntry(DiskKind.MISSING)


def read_disk(root: Path, paths: Iterable[str], files: FileSystem) -> dict[str, DiskEntry]:
    """Return what is at each of `paths` (relative to `root`, the generated tree).

    `root` itself must be no link either. Raises `OSError` where something cannot be read.
    """
    folders: dict[str, PathKind] = {}
    return {path: _entry(root, path, files, folders) for path in paths}


def kind_of(root: Path, path: str, files: FileSystem, folders: dict[str, PathKind]) -> DiskKind:
    """Return what is at a path below `root`, without reading it.

    `folders` is what the parts above the path were found to be; what is looked at is added.
    """
    for parent in _above(path):
        if parent not in folders:
            folders[parent] = files.kind(root / parent)
        match folders[parent]:
            case PathKind.MISSING:
                return DiskKind.MISSING
            case PathKind.FILE:
                return DiskKind.BELOW_FILE
            case PathKind.FOLDER:
                continue
            case _:
                return DiskKind.ESCAPES
    return DiskKind(files.kind(root / path).value)


def _above(path: str) -> Iterator[str]:
    """Yield the folders above a path, the generated tree itself first."""
    yield "."
    at = path.find("/")
    while at > 0:
        yield path[:at]
        at = path.find("/", at + 1)


def _entry(root: Path, path: str, files: FileSystem, folders: dict[str, PathKind]) -> DiskEntry:
    kind = kind_of(root, path, files, folders)
    if kind is DiskKind.MISSING:
        return MISSING
    if kind is not DiskKind.FILE:
        return DiskEntry(kind)
    full = root / path
    return DiskEntry(kind, sha256(files.read(full)), files.is_executable(full))
