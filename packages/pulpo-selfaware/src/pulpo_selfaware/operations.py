"""Which operation is running: the name under which data access is counted."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["current_operation", "running_operation"]

_operation: ContextVar[str | None] = ContextVar("pulpo_selfaware_operation", default=None)


def current_operation() -> str | None:
    """Return the name of the operation that this code runs in, None outside one."""
    return _operation.get()


@contextmanager
def running_operation(name: str) -> Generator[None]:
    """Say that the code in the `with` block, and tasks that it starts, belong to `name`."""
    token = _operation.set(name)
    try:
        yield
    finally:
        _operation.reset(token)
