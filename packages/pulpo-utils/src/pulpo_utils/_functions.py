"""What kind of function is to be decorated."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["refuse_generator", "wraps_async"]


def wraps_async(function: Callable[..., Any]) -> bool:
    """Whether calling `function` gives a coroutine: `async def`, partials and objects with one."""
    from inspect import iscoroutinefunction

    return iscoroutinefunction(function) or iscoroutinefunction(
        getattr(function, "__call__", None)  # noqa: B004 - its kind is asked for, not its presence
    )


def refuse_generator(function: Callable[..., Any], name: str, instead: str) -> None:
    """Raise `TypeError` for what a decorator cannot wrap: generators, and things not callable."""
    from inspect import isasyncgenfunction, isgeneratorfunction

    if not callable(function):
        raise TypeError(f"{name} decorates functions, not {type(function).__name__}")
    if isgeneratorfunction(function) or isasyncgenfunction(function):
        raise TypeError(
            f"{name} cannot decorate the generator {function.__qualname__}: its body runs after "
            f"the call has returned; use {instead}"
        )
