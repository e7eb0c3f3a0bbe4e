"""Log files of services: turned over when large, and read from their end."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

__all__ = ["follow", "last_lines", "rotate", "rotate_open"]

_LARGE = 5 * 1024 * 1024
_KEPT = 3
_POLL = 0.2
#: As much of a file's end as is read to find its last lines.
_TAIL = 256 * 1024


def rotate(log: Path, *, large: int = _LARGE) -> None:
    """Move a log of `large` bytes or more aside as `.1`, older ones to `.2` and `.3`."""
    if not log.exists() or log.stat().st_size < large:
        return
    _make_room(log)
    log.replace(log.with_name(f"{log.name}.1"))


def rotate_open(log: Path, *, large: int = _LARGE) -> None:
    """As `rotate`, for a log that a process has open to append to: it is copied and emptied.

    What is written between the two is lost: a few lines, now and then.
    """
    if not log.exists() or log.stat().st_size < large:
        return
    _make_room(log)
    shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    os.truncate(log, 0)


def _make_room(log: Path) -> None:
    for number in range(_KEPT, 1, -1):
        newer = log.with_name(f"{log.name}.{number - 1}")
        if newer.exists():
            newer.replace(log.with_name(f"{log.name}.{number}"))


def last_lines(log: Path, count: int, *, since: int = 0) -> list[str]:
    """Return the last `count` lines written after byte `since`; none where there is no log."""
    if not log.exists():
        return []
    with log.open("rb") as source:
        size = source.seek(0, os.SEEK_END)
        start = max(since, size - _TAIL)
        source.seek(start)
        text = source.read().decode(errors="replace")
    lines = text.splitlines()
    if start > since and lines:
        del lines[0]  # begun before what was read
    return lines[-count:] if count else []


def follow(logs: Mapping[str, Path]) -> Iterator[tuple[str, str]]:
    """Yield `(name, line)` as lines are added to the logs from now on, `("", "")` when none was.

    Never ends by itself; a log that was turned over or emptied is read from its beginning.
    """
    # Where "now" is must be settled at the call, not when the first line is asked for.
    return _added(
        logs, {name: log.stat().st_size if log.exists() else 0 for name, log in logs.items()}
    )


def _added(logs: Mapping[str, Path], read: dict[str, int]) -> Iterator[tuple[str, str]]:
    rest = dict.fromkeys(logs, b"")
    while True:
        quiet = True
        for name, log in logs.items():
            size = log.stat().st_size if log.exists() else 0
            if size < read[name]:
                read[name], rest[name] = 0, b""
            if size == read[name]:
                continue
            with log.open("rb") as source:
                source.seek(read[name])
                added = source.read()
            read[name] += len(added)
            *lines, rest[name] = (rest[name] + added).split(b"\n")
            for line in lines:
                quiet = False
                yield name, line.decode(errors="replace")
        if quiet:
            yield "", ""
            time.sleep(_POLL)
