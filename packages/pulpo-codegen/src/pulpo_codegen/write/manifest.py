"""`Manifest`: which files are ours, and the hashes that prove it.

While files are being written the manifest is a journal as well: an entry with `pending` says
that the file may have either of two contents. Whoever finds such a manifest after a crash
knows every file that was under way, and accepts both.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pulpo_codegen.layout import MANIFEST
from pulpo_codegen.plan.paths import unsafe_reason
from pulpo_codegen.write.files import FileSystem, PathKind

__all__ = ["Manifest", "ManifestEntry", "ManifestError", "load_manifest"]

_FORMAT: Final = 1


class ManifestError(ValueError):
    """The manifest is damaged; the text continues the sentence "the manifest …"."""


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One generated file.

    `sha256` is the content that was last seen whole, `None` where there was none; `pending`
    the content that a run had begun to write.
    """

    target: str
    sha256: str | None
    pending: str | None = None

    def accepts(self, digest: str | None) -> bool:
        """Return whether a file with that hash is one that Pulpo wrote."""
        return digest is not None and digest in {self.sha256, self.pending}


@dataclass(frozen=True, slots=True)
class Manifest:
    """Every generated file by path, sorted."""

    entries: dict[str, ManifestEntry] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[tuple[str, ManifestEntry]]) -> Manifest:
        """Return a manifest of these entries, sorted by path."""
        return cls(dict(sorted(entries)))

    @property
    def pending(self) -> Iterator[str]:
        """The paths that a run had begun to write."""
        return (path for path, entry in self.entries.items() if entry.pending is not None)

    def to_bytes(self) -> bytes:
        """Return the file's content; equal manifests give equal bytes."""
        files: dict[str, dict[str, str | None]] = {}
        for path, entry in sorted(self.entries.items()):
            files[path] = {"sha256": entry.sha256, "target": entry.target}
            if entry.pending is not None:
                files[path]["pending"] = entry.pending
        return (json.dumps({"format": _FORMAT, "files": files}, indent=1) + "\n").encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Manifest:
        """Return the manifest that `to_bytes` described.

        Raises `ManifestError` for anything else: a path that leaves the tree among others, for
        what is listed here may be deleted.
        """
        try:
            document: Any = json.loads(data)
            if document["format"] != _FORMAT:
                raise ManifestError(f"has format {document['format']!r}, not {_FORMAT}")
            entries = {path: _entry(path, raw) for path, raw in document["files"].items()}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            if isinstance(error, ManifestError):
                raise
            raise ManifestError("is not what Pulpo writes") from error
        return cls.of(entries.items())


def _entry(path: str, raw: dict[str, Any]) -> ManifestEntry:
    if why := unsafe_reason(path):
        raise ManifestError(f"lists {path!r}, which {why}")
    target, *digests = raw["target"], raw["sha256"], raw.get("pending")
    if not isinstance(target, str) or not all(isinstance(one, str | None) for one in digests):
        raise ManifestError(f"has no valid entry for {path!r}")
    return ManifestEntry(target, *digests)


def load_manifest(root: Path, files: FileSystem) -> Manifest | None:
    """Return the manifest of the generated tree at `root`, `None` where there is none.

    Raises `ManifestError` for a damaged one and `OSError` for one that cannot be read.
    """
    path = root / MANIFEST
    match files.kind(path):
        case PathKind.MISSING:
            return None
        case PathKind.FILE:
            return Manifest.from_bytes(files.read(path))
        case kind:
            raise ManifestError(f"is a {kind.value}, not a file")
