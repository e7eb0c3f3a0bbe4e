"""Facts that every log line of the current task carries: request ids, users, jobs.

Held in a context variable, so that tasks and threads do not see each other's. A task inherits what
was bound where it was created; what it binds itself stays with it.
"""

from __future__ import annotations

from contextvars import ContextVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Self

__all__ = ["LogContext", "bind_context", "clear_context", "get_context"]


class _Frame:
    """The facts inside one `LogContext`, and the frame around it. Never changed once made."""

    __slots__ = ("outer", "owner", "values")

    def __init__(
        self, values: dict[str, Any], owner: LogContext | None, outer: _Frame | None
    ) -> None:
        self.values = values
        self.owner = owner
        self.outer = outer


_EMPTY = _Frame({}, None, None)
_current: ContextVar[_Frame] = ContextVar("pulpo_utils.log_context", default=_EMPTY)


def get_context() -> dict[str, Any]:
    """Return the facts that are bound at the moment, as a copy."""
    return dict(_current.get().values)


def bind_context(**facts: Any) -> None:
    """Add `facts` to every later log line of this task, until the surrounding `LogContext` ends.

    >>> bind_context(request_id="r-1")
    >>> get_context()
    {'request_id': 'r-1'}
    >>> clear_context()
    """
    frame = _current.get()
    _current.set(_Frame({**frame.values, **facts}, frame.owner, frame.outer))


def clear_context() -> None:
    """Forget all facts. A surrounding `LogContext` still restores its outer ones when it ends."""
    frame = _current.get()
    _current.set(_Frame({}, frame.owner, frame.outer))


class LogContext:
    """Facts for the lines inside a `with` or `async with`; the outer context comes back after it.

    >>> with LogContext(job="import"):
    ...     bind_context(row=7)
    ...     get_context()
    {'job': 'import', 'row': 7}
    >>> get_context()
    {}
    """

    def __init__(self, **facts: Any) -> None:
        self._facts = facts

    def __enter__(self) -> Self:
        frame = _current.get()
        _current.set(_Frame({**frame.values, **self._facts}, self, frame))
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        frame: _Frame | None = _current.get()
        while frame is not None and frame.owner is not self:
            frame = frame.outer
        if frame is not None and frame.outer is not None:
            _current.set(frame.outer)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.__exit__(exc_type, error, traceback)
