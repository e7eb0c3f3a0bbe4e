"""`Store`: bytes by key in the project's `.pulpo/cache/`; without a writable folder, nothing.

Whatever is wrong with an entry makes it missing: cut short, of another version, somebody else's.
Entries are written beside their place and renamed into it, so that a reader never meets half of
one and two processes do not disturb each other.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from pathlib import Path

__all__ = ["Store", "remove_cache"]

_FOLDER = Path(".pulpo", "cache")
_NAME = re.compile(r"[0-9a-f]{40}")


class Store:
    """The entries of one kind, as in `.pulpo/cache/facts/`.

    `version` is part of every key: what another version wrote is never found.
    """

    def __init__(self, root: Path, kind: str, version: str, spare: int = 500) -> None:
        """Look below the project in `root`; nothing is read or made yet.

        `spare` entries are kept although nothing used them: another branch may, soon.
        """
        self._cache = root.resolve() / _FOLDER
        self._folder = self._cache / kind
        self._head = f"pulpo {kind} ".encode()
        self._version = hashlib.blake2b(version.encode()).digest()
        self._used: set[str] = set()
        self._added = 0
        self._spare = spare
        self._readable = self._folder.is_dir()
        self._writable = True

    def get(self, *key: bytes) -> bytes | None:
        """Return what is kept under a key, `None` where there is nothing or nothing sound."""
        if not self._readable:
            return None
        name = self._name(key)
        try:
            head, _, data = (self._folder / name).read_bytes().partition(b"\n")
        except OSError:
            return None
        if head != self._head + _digest(data).encode():
            return None
        self._used.add(name)
        return data

    def put(self, data: bytes, *key: bytes) -> None:
        """Keep `data` under a key. A folder that cannot be written to is no error."""
        if not self._writable:
            return
        name = self._name(key)
        try:
            self._make_folder()
            beside = self._folder / f"{name}.{os.getpid()}"
            beside.write_bytes(b"%s%s\n%s" % (self._head, _digest(data).encode(), data))
            beside.replace(self._folder / name)
        except OSError:
            self._writable = False  # read-only, full, not ours: then each run works it out
            return
        self._readable = True
        self._used.add(name)
        self._added += 1

    def renew(self, *key: bytes) -> None:
        """Count what is kept under a key as used, although nobody read it."""
        if self._added:  # only then is anything removed
            self._used.add(self._name(key))

    def tidy(self) -> None:
        """Remove the oldest of the entries that nothing used, where there are too many."""
        if not self._added:
            return
        with contextlib.suppress(OSError), os.scandir(self._folder) as entries:
            unused = [
                (entry.stat().st_mtime, entry.path)
                for entry in entries
                if _NAME.match(entry.name) and entry.name not in self._used
            ]
            for _, path in sorted(unused)[: max(0, len(unused) - len(self._used) - self._spare)]:
                Path(path).unlink()

    def _make_folder(self) -> None:
        if self._added:
            return
        if self._folder.resolve() != self._folder:
            raise OSError("the cache is a link")  # nothing is written outside the project
        self._folder.mkdir(parents=True, exist_ok=True)
        ignore = self._cache / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="ascii")

    def _name(self, key: tuple[bytes, ...]) -> str:
        digest = hashlib.blake2b(self._version, digest_size=20)
        for part in key:
            digest.update(b"%d:" % len(part))
            digest.update(part)
        return digest.hexdigest()


def remove_cache(root: Path) -> None:
    """Remove the project's cache; a link in its place is left alone."""
    folder = root.resolve() / _FOLDER
    if folder.resolve() == folder and folder.is_dir():
        import shutil  # here, because who reads from the cache has no time for it

        shutil.rmtree(folder, ignore_errors=True)


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=20).hexdigest()
