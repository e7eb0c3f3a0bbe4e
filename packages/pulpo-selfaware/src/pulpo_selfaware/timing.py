"""Timing a piece of code: `with track("billing"): …` and `@track("billing")`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from inspect import iscoroutinefunction
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pulpo_selfaware.events import FrameworkEvent, FrameworkEventLevel
from pulpo_selfaware.tracking import get_tracker

if TYPE_CHECKING:
    from pulpo_selfaware.tracking import EventTracker

__all__ = ["track"]

Function = TypeVar("Function", bound=Callable[..., Any])


class _Block:
    """A block that is being timed."""

    __slots__ = ("is_over", "started", "timer")

    def __init__(self, timer: track) -> None:
        self.timer = timer
        self.is_over = False
        self.started = perf_counter()


_blocks: ContextVar[tuple[_Block, ...]] = ContextVar("pulpo_selfaware.blocks", default=())


class track:  # noqa: N801 - used like contextlib's functions
    """Time a block or a function and make events of it.

    As a context manager or a decorator of plain and asynchronous functions; every call is timed
    on its own. A failure is an ERROR event (and is raised on), a duration of at least `slow_ms`
    milliseconds a WARN event "<MODULE>_SLOW"; `record_success` adds an INFO event
    "<MODULE>_COMPLETE" otherwise.

    name: what the events call it; a decorated function's own name by default.
    """

    def __init__(
        self,
        module: str,
        name: str | None = None,
        *,
        slow_ms: float | None = None,
        record_success: bool = False,
        metadata: dict[str, Any] | None = None,
        tracker: EventTracker | None = None,
    ) -> None:
        given: object = module
        if not (isinstance(given, str) and given):
            msg = f'track needs a module name, as in track("billing"); got {module!r}'
            raise TypeError(msg)
        self._module = module
        self._name = name
        self._slow_ms = slow_ms
        self._record_success = record_success
        self._metadata = metadata
        self._tracker = tracker
        self._entered: dict[_Block, None] = {}

    def __enter__(self) -> track:
        block = _Block(self)
        self._entered[block] = None
        _blocks.set((*(one for one in _blocks.get() if not one.is_over), block))
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        self._finish(self._name or self._module, self._leave().started, error)

    def _leave(self) -> _Block:
        """Return the innermost block that this task or thread entered, which ends now."""
        around = [one for one in _blocks.get() if not one.is_over]
        mine = [one for one in around if one.timer is self]
        # A generator (FastAPI's dependencies are some) may go on in another context than it began
        # in: the block is then unknown here, and the last one entered is the best guess.
        block = mine[-1] if mine else next(reversed(self._entered.copy()))
        self._entered.pop(block, None)
        block.is_over = True
        _blocks.set(tuple(one for one in around if one is not block))
        return block

    def __call__(self, function: Function) -> Function:
        """Decorate `function`."""
        name = self._name or function.__qualname__
        if iscoroutinefunction(function):

            @wraps(function)
            async def timed_async(*args: Any, **kwargs: Any) -> Any:
                with self._timed(name):
                    return await cast("Callable[..., Awaitable[Any]]", function)(*args, **kwargs)

            return cast("Function", timed_async)

        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self._timed(name):
                return function(*args, **kwargs)

        return cast("Function", timed)

    @contextmanager
    def _timed(self, name: str) -> Generator[None, None, None]:
        started = perf_counter()
        try:
            yield
        except BaseException as error:
            self._finish(name, started, error)
            raise
        self._finish(name, started, None)

    def _finish(self, name: str, started: float, error: BaseException | None) -> None:
        elapsed_ms = (perf_counter() - started) * 1000
        if isinstance(error, Exception):
            (self._tracker or get_tracker()).record_exception(
                error,
                module=self._module,
                message=f"{name} failed",
                event_type=self._event_type("ERROR"),
                duration_ms=round(elapsed_ms),
                metadata=self._metadata,
            )
        elif error is not None:  # cancelled, or the program ends: neither success nor failure
            return
        elif self._slow_ms is not None and elapsed_ms >= self._slow_ms:
            message = f"{name} took {elapsed_ms:.0f} ms"
            self._record(FrameworkEventLevel.WARN, "SLOW", message, elapsed_ms)
        elif self._record_success:
            self._record(FrameworkEventLevel.INFO, "COMPLETE", f"{name} done", elapsed_ms)

    def _record(
        self, level: FrameworkEventLevel, what: str, message: str, elapsed_ms: float
    ) -> None:
        event = FrameworkEvent(
            level,
            self._event_type(what),
            self._module,
            message,
            duration_ms=round(elapsed_ms),
            metadata=self._metadata,
        )
        (self._tracker or get_tracker()).record(event)

    def _event_type(self, what: str) -> str:
        return f"{self._module.upper().replace('.', '_')}_{what}"
