"""`FlowRuntime`: all that an application gives to those who run its flows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from pulpo_base.flows.limits import TagLimits
from pulpo_base.flows.retries import retryable_by_default

if TYPE_CHECKING:
    from pulpo_base.flows.definition import FlowDefinition
    from pulpo_base.flows.run import StepEvent

__all__ = ["FlowRuntime", "Observe"]


class Observe(Protocol):
    """Hears how flows and their steps fare."""

    def __call__(
        self,
        what: str,
        *,
        flow: str,
        run: str,
        operation: str = "",
        attempt: int = 1,
        seconds: float = 0.0,
        error: BaseException | None = None,
    ) -> object:
        """`what` happened: a `StepEventKind` or `FlowStatus`; `operation` is empty for the flow."""
        ...


def _says_nothing(_error: BaseException) -> None:
    return None


def _plain_problem(error: BaseException) -> Mapping[str, Any]:
    # The text may repeat what the operation was given.
    return {"status": 500, "title": type(error).__name__}


def _unmasked(value: Any) -> Any:
    return value


def _unobserved(what: str, **facts: Any) -> None:
    """Nobody listens."""


def _plainly(_operation: str) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(frozen=True, slots=True)
class FlowRuntime:
    """The flows and operations of an application by dotted name, and what is known of errors.

    `is_retryable` says whether another try is worth it, `retry_after` how many seconds an error
    asks to wait, `problem` what an error is for a client (the members of a problem document) and
    `mask` hides secrets in JSON-like values; `exit_code` is that of a command which ends with the
    error. `observe` hears of flows and steps; an operation is
    called within `around(name)`. `request_id` says for which request something is done, `connect`
    connects to the database where an operation runs in another process than its flow. `limits` are
    those of tags on the local engine.
    """

    flows: Mapping[str, FlowDefinition]
    operations: Mapping[str, Callable[..., Any]]
    is_retryable: Callable[[BaseException], bool] = retryable_by_default
    retry_after: Callable[[BaseException], float | None] = _says_nothing
    problem: Callable[[BaseException], Mapping[str, Any]] = _plain_problem
    mask: Callable[[Any], Any] = _unmasked
    exit_code: Callable[[BaseException], int] = lambda _error: 1
    observe: Observe = _unobserved
    around: Callable[[str], AbstractContextManager[Any]] = _plainly
    request_id: Callable[[], str | None] = lambda: None
    connect: Callable[[], AbstractAsyncContextManager[Any]] | None = None
    limits: TagLimits = field(default_factory=TagLimits)

    def observed(self, flow: str, run: str) -> Callable[[StepEvent], None]:
        """Return an `on_event` of the engine that tells `observe`."""

        def tell(event: StepEvent) -> None:
            self.observe(
                event.kind.value,
                flow=flow,
                run=run,
                operation=event.operation,
                attempt=event.attempt,
                seconds=event.duration,
                error=event.error,
            )

        return tell
