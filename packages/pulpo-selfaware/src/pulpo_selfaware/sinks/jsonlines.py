"""Events in a file, one JSON object a line."""

from __future__ import annotations

import json
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulpo_selfaware.events import FrameworkEvent

__all__ = ["JsonLinesSink"]


class JsonLinesSink:
    """Appends events to `path` and rotates it: `path`, `path.1` … `path.<backups>`.

    A file is rotated before it would grow beyond `max_bytes`; a batch is one write of whole lines.
    The directory is made if it is missing. Values that JSON does not know are written as their
    text.
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
        self._size = 0

    def write(self, events: Sequence[FrameworkEvent]) -> None:
        """Append the events."""
        lines = [_line(event) for event in events]
        start = 0
        while start < len(lines):
            file = self._open()
            room = self._max_bytes - self._size
            end, size = start, 0
            while end < len(lines) and size + len(lines[end]) <= room:
                size += len(lines[end])
                end += 1
            if end == start:
                if self._size > 0:
                    self._rotate()
                    continue
                end, size = start + 1, len(lines[start])  # longer than a whole file may be
            self._append(file, b"".join(lines[start:end]))
            self._size += size
            start = end

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _append(self, file: FileIO, data: bytes) -> None:
        written = 0
        try:
            while written < len(data):
                written += file.write(data[written:])
        except OSError:
            # The disk may be full. Half a line would spoil the next one: take it back, and look
            # at the file anew when writing again.
            if written:
                file.truncate(self._size)
            self.close()
            raise

    def _open(self) -> FileIO:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = FileIO(self.path, "a")
            self._size = self._file.seek(0, 2)
        return self._file

    def _rotate(self) -> None:
        self.close()
        if self._backups == 0:
            self.path.unlink()
            return
        for number in range(self._backups - 1, 0, -1):
            source = self._numbered(number)
            if source.exists():
                source.replace(self._numbered(number + 1))
        self.path.replace(self._numbered(1))

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")


def _line(event: FrameworkEvent) -> bytes:
    text = json.dumps(event.to_dict(), ensure_ascii=False, separators=(",", ":"), default=_text)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _text(value: Any) -> str:
    return str(value)
