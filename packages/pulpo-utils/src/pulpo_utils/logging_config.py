"""`setup_logging`: where log lines go and what they look like."""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING, Any, TextIO

from pulpo_utils._extras import require

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["adopt", "reset_logging", "setup_logging"]


class _Handler(logging.StreamHandler[TextIO]):
    """Writes to `stream`, or to whatever `sys.stderr` is at the moment (tests replace it)."""

    def __init__(self, stream: TextIO | None) -> None:
        self._fixed = stream
        super().__init__(stream)

    def emit(self, record: logging.LogRecord) -> None:
        if self._fixed is None:
            self.stream = sys.stderr
        super().emit(record)


class _Taken:
    """A logger that has our handler, and what it had before."""

    def __init__(self, logger: logging.Logger, handler: logging.Handler, level: int) -> None:
        self.logger = logger
        self._before = (logger.level, logger.propagate, list(logger.handlers))
        is_root = logger is logging.getLogger()
        if is_root:
            for old in list(logger.handlers):
                logger.removeHandler(old)
        logger.addHandler(handler)
        logger.setLevel(level)
        logger.propagate = is_root
        self._handler = handler

    def release(self) -> None:
        level, propagate, handlers = self._before
        self.logger.removeHandler(self._handler)
        for old in handlers:
            self.logger.addHandler(old)  # does nothing for one that is still there
        self.logger.setLevel(level)
        self.logger.propagate = propagate


class _Setup:
    """One call of `setup_logging` in force."""

    def __init__(self, handler: logging.Handler, level: int, *, adopts: bool) -> None:
        self.handler = handler
        self.level = level
        self.adopts = adopts
        self.taken: dict[str, _Taken] = {}

    def take(self, name: str) -> None:
        if name not in self.taken:
            logger = logging.getLogger(name or None)
            self.taken[name] = _Taken(logger, self.handler, self.level)

    def release(self) -> None:
        for taken in self.taken.values():
            taken.release()


_lock = threading.RLock()
_trees: set[str] = {"pulpo_utils"}
_setup: _Setup | None = None


def setup_logging(
    level: int | str = "INFO",
    *,
    json: bool | None = None,
    stream: TextIO | None = None,
    loggers: Iterable[str] | None = None,
    root: bool = False,
    service: str | None = None,
) -> None:
    """Write log lines to `stream` (default: standard error), as JSON or in a readable form.

    `json` is by default true unless the stream is a terminal. Without `root`, only the loggers
    named in `loggers` and those below them are configured, by default the top-level names of all
    loggers that `get_logger` has given out or will give out (`shop` for `shop.orders`); the root
    logger and everything else of a host application stay as they are. With `root=True` the root
    logger gets our handler in place of its own, for a process that is wholly yours. `service` is
    a fact on every line.

    A second call replaces the first, so lines are never doubled. `reset_logging` undoes it.
    Raises `ValueError` for an unknown level, `MissingExtraError` without the `logging` extra.
    """
    require("structlog", extra="logging", needed_by="setup_logging")
    from pulpo_utils.log_format import EventFormatter

    number = _level_number(level)
    if isinstance(loggers, str):
        raise TypeError(f"loggers must be a list of names: write loggers=[{loggers!r}]")
    if json is None:
        json = not _is_terminal(stream or sys.stderr)
    handler = _Handler(stream)
    colors = not json and _is_terminal(stream or sys.stderr)
    handler.setFormatter(EventFormatter(json=json, colors=colors, service=service))
    global _setup  # noqa: PLW0603 - logging is process-wide state
    with _lock:
        reset_logging()
        _setup = _Setup(handler, number, adopts=loggers is None and not root)
        names = [""] if root else sorted(_trees)
        for name in names if loggers is None else [*loggers, *([""] if root else [])]:
            _setup.take(name)


def reset_logging() -> None:
    """Undo `setup_logging`: handlers, levels and propagation are as they were before it."""
    global _setup  # noqa: PLW0603 - logging is process-wide state
    with _lock:
        if _setup is not None:
            _setup.release()
            _setup = None


def adopt(name: str) -> None:
    """Note that `name` is one of our loggers, and configure its tree if logging is set up."""
    tree = name.partition(".")[0]
    with _lock:
        _trees.add(tree)
        if _setup is not None and _setup.adopts:
            _setup.take(tree)


def _level_number(level: int | str) -> int:
    names = logging.getLevelNamesMapping()
    if isinstance(level, str) and level.upper() in names:
        return names[level.upper()]
    if isinstance(level, int) and not isinstance(level, bool):
        return level
    known = ", ".join(sorted(names, key=names.__getitem__))
    raise ValueError(f"unknown log level {level!r}: use one of {known}, or a number")


def _is_terminal(stream: Any) -> bool:
    isatty = getattr(stream, "isatty", None)
    return bool(isatty is not None and isatty())
