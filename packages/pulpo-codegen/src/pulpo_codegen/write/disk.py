"""`read_disk`: what is there now, as plain values for the decision."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path, PurePosixPath

from pulpo_base.records import dataclass
from pulpo_codegen.digest import sha256
from pulpo_codegen.write.files import FileSystem, PathKind

__all__ = ["MISSING", "DiskEntry", "DiskKind", "read_disk"]


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
    folders: dict[PurePosixPath, PathKind] = {PurePosixPath("."): files.kind(root)}
    return {path: _entry(root, PurePosixPath(path), files, folders) for path in paths}


def _entry(
    root: Path,
    path: PurePosixPath,
    files: FileSystem,
    folders: dict[PurePosixPath, PathKind],
) -> DiskEntry:
    for parent in reversed(path.parents):
        if parent not in folders:
            folders[parent] = files.kind(root / parent)
        match folders[parent]:
            case PathKind.MISSING:
                return MISSING
            case PathKind.FILE:
                return DiskEntry(DiskKind.BELOW_FILE)
            case PathKind.FOLDER:
                continue
            case _:
                return DiskEntry(DiskKind.ESCAPES)
    kind = DiskKind(files.kind(root / path).value)
    if kind is not DiskKind.FILE:
        return DiskEntry(kind)
    full = root / path
    return DiskEntry(kind, sha256(files.read(full)), files.is_executable(full))
