"""`python -m pulpo_selfaware tail FILE`: the events of a JSON lines file, as lines to read."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import deque
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from pulpo_selfaware.events import FrameworkEvent, FrameworkEventLevel

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["event_lines", "main"]

_COLOURS = {"DEBUG": "2", "INFO": "36", "WARN": "33", "ERROR": "31", "CRITICAL": "1;31"}
_POLL_SECONDS = 0.3


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m pulpo_selfaware", description="Look at recorded events."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    tail = commands.add_parser("tail", help="print the last events of a JSON lines file")
    tail.add_argument("file", type=Path, help="what a JsonLinesSink writes")
    tail.add_argument("-n", "--lines", type=int, default=20, help="how many events (20)")
    tail.add_argument("-f", "--follow", action="store_true", help="wait for more")
    tail.add_argument("-l", "--level", default="DEBUG", help="the least level to print (DEBUG)")
    tail.add_argument("--json", action="store_true", help="print the lines as they are")
    options = parser.parse_args(arguments)
    try:
        least = FrameworkEventLevel.parse(options.level)
    except ValueError as error:
        parser.error(str(error))
    if options.lines < 0:
        parser.error(f"--lines must not be negative, got {options.lines}")
    try:
        _tail(options.file, options.lines, least, follow=options.follow, as_json=options.json)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read, like `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the flush at exit
    except OSError as error:
        sys.stderr.write(f"cannot read {options.file}: {error.strerror}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _tail(
    path: Path, count: int, least: FrameworkEventLevel, *, follow: bool, as_json: bool
) -> None:
    last: deque[str] = deque(maxlen=count)
    lines = event_lines(path, follow=follow)
    for line in lines:
        if line is None:  # the end of what was there when we came
            break
        shown = _shown(line, least, as_json=as_json)
        if shown is not None:
            last.append(shown)
    for shown in last:
        print(shown, flush=follow)  # noqa: T201
    for line in lines:
        shown = _shown(line, least, as_json=as_json) if line is not None else None
        if shown is not None:
            print(shown, flush=True)  # noqa: T201


def event_lines(path: Path, *, follow: bool) -> Iterator[str | None]:
    """Yield whole lines, then None; with `follow` go on, in the new file after a rotation."""
    file = path.open(encoding="utf-8", errors="replace")
    rest = ""
    is_replaced = False
    try:
        while True:
            for chunk in file:
                rest += chunk
                if rest.endswith("\n"):
                    yield rest.rstrip("\n")
                    rest = ""
            if is_replaced:  # and read to its end, since it may have grown while we slept
                file.close()
                file = path.open(encoding="utf-8", errors="replace")
                rest = ""
                is_replaced = False
                continue
            yield None
            if not follow:
                return
            time.sleep(_POLL_SECONDS)
            is_replaced = _was_replaced(path, file.fileno(), file.tell())
    finally:
        file.close()


def _was_replaced(path: Path, descriptor: int, position: int) -> bool:
    try:
        now = path.stat()
    except FileNotFoundError:  # between two steps of a rotation
        return False
    return now.st_ino != os.fstat(descriptor).st_ino or now.st_size < position


def _shown(line: str, least: FrameworkEventLevel, *, as_json: bool) -> str | None:
    if not line.strip():
        return None
    try:
        event = FrameworkEvent.from_dict(json.loads(line))
    except (ValueError, TypeError):
        return f"? {_printable(line[:200])}"
    if event.level < least:
        return None
    return line if as_json else _text(event)


def _text(event: FrameworkEvent) -> str:
    when = event.timestamp.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + "Z"
    level = f"{event.level.name:<8}"
    if sys.stdout.isatty():
        level = f"\x1b[{_COLOURS[event.level.name]}m{level}\x1b[0m"
    took = "" if event.duration_ms is None else f" ({event.duration_ms} ms)"
    details = "".join(
        f" {name}={value}" for name, value in event.metadata.items() if name != "route"
    )
    text = f"{event.module}: {event.message}{took}{details}"
    return f"{when} {level} {event.event_type} {_printable(text)}"


def _printable(text: str) -> str:
    """Keep control characters in a file from becoming commands to the terminal."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)
