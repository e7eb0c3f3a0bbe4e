"""Events in a file, one JSON object a line."""

from __future__ import annotations

import errno
import json
import os
import sys
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pulpo_selfaware.events import FrameworkEvent

__all__ = ["JsonLinesSink"]

# What a file system says that has no locks.
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


class JsonLinesSink:
    """Appends events to `path` and rotates it: `path`, `path.1` … `path.<backups>`.

    A file is rotated before it would grow beyond `max_bytes`; a batch is one write of whole lines.
    The directory is made if it is missing. Values that JSON does not know are written as their
    text.

    Several processes may write to one path: each batch is written, and each file rotated, under an
    advisory lock (`flock`). Where there is none (Windows, some network file systems), give every
    process a path of its own, for example with `os.getpid()` in the name.
    """

    def __init__(
        self, path: str | Path, *, max_bytes: int = 10 * 1024 * 1024, backups: int = 3
    ) -> None:
        if max_bytes < 1 or backups < 0:
            msg = f"max_bytes must be positive and backups not negative: {max_bytes}, {backups}"
            raise ValueError(msg)
        self.path = Path(path)
        self._max_bytes = max_bytes
        self._backups = backups
        self._file: FileIO | None = None

    def write(self, events: Sequence[FrameworkEvent]) -> None:
        """Append the events."""
        lines = [_line(event) for event in events]
        start = 0
        while start < len(lines):
            with self._locked() as file:
                held = os.fstat(file.fileno()).st_size
                end, size = start, held
                while end < len(lines) and size + len(lines[end]) <= self._max_bytes:
                    size += len(lines[end])
                    end += 1
                if end == start:
                    if held > 0:
                        self._rotate()
                        continue
                    end = start + 1  # longer than a whole file may be
                self._append(file, b"".join(lines[start:end]), held)
            start = end

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    @contextmanager
    def _locked(self) -> Iterator[FileIO]:
        """Hold the file at the path, which no other process writes to or rotates meanwhile."""
        file = self._open()
        _lock(file)
        while not _is_at(self.path, file):  # another process has rotated it
            self.close()  # which unlocks
            file = self._open()
            _lock(file)
        try:
            yield file
        finally:
            if not file.closed:
                _unlock(file)

    def _append(self, file: FileIO, data: bytes, held: int) -> None:
        written = 0
        try:
            while written < len(data):
                written += file.write(data[written:])
        except OSError:
            # The disk may be full. Half a line would spoil the next one: take it back, and look
            # at the file anew when writing again.
            if written:
                file.truncate(held)
            self.close()
            raise

    def _open(self) -> FileIO:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = FileIO(self.path, "a")
        return self._file

    def _rotate(self) -> None:
        if sys.platform == "win32":  # where an open file keeps its name
            self.close()
        if self._backups == 0:
            self.path.unlink()
        else:
            for number in range(self._backups - 1, 0, -1):
                source = self._numbered(number)
                if source.exists():
                    source.replace(self._numbered(number + 1))
            self.path.replace(self._numbered(1))
        self.close()  # last, since it unlocks

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")


def _is_at(path: Path, file: FileIO) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


if sys.platform == "win32":

    def _lock(file: FileIO) -> None:
        """There is no advisory lock here."""

    def _unlock(file: FileIO) -> None:
        """There is no advisory lock here."""

else:
    from fcntl import LOCK_EX, LOCK_UN, flock

    def _lock(file: FileIO) -> None:
        try:
            flock(file, LOCK_EX)
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise

    def _unlock(file: FileIO) -> None:
        try:
            flock(file, LOCK_UN)
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise


def _line(event: FrameworkEvent) -> bytes:
    text = json.dumps(event.to_dict(), ensure_ascii=False, separators=(",", ":"), default=_text)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _text(value: Any) -> str:
    return str(value)
