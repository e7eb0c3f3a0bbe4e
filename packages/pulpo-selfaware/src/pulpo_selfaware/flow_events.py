"""Flows and their steps as events, told by whatever runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pulpo_selfaware.events import FrameworkEventLevel
from pulpo_selfaware.exception_groups import describe_exception
from pulpo_selfaware.tracking import get_tracker, record_event

if TYPE_CHECKING:
    from pulpo_selfaware.events import FrameworkEvent

__all__ = ["record_flow_event"]

_LEVELS: Final = {
    "started": FrameworkEventLevel.DEBUG,
    "retrying": FrameworkEventLevel.WARN,
    "failed": FrameworkEventLevel.ERROR,
    "cancelled": FrameworkEventLevel.WARN,
}


def record_flow_event(
    what: str,
    *,
    flow: str,
    run: str,
    operation: str = "",
    attempt: int = 1,
    seconds: float = 0.0,
    error: BaseException | None = None,
) -> FrameworkEvent:
    """Keep an event about a run of a flow, or about the step of it that runs `operation`.

    `what` happened, in lower case: `started`, `finished`, `failed` and the like. The event's type
    is `FLOW_` or `FLOW_STEP_` with that in capitals. Of an error, its own text is left out where
    it is no failure yet, and its group counts a failed step once.
    """
    name = operation or flow
    kind = "FLOW_STEP" if operation else "FLOW"
    metadata: dict[str, Any] = {"flow": flow, "run": run}
    if operation:
        metadata |= {"operation": operation, "attempt": attempt}
    details = None if error is None else describe_exception(error, with_message=False)
    if details is not None and operation and what == "failed":
        get_tracker().exceptions.add(details)
    after = f" after {seconds:.3f} s" if seconds else ""
    why = "" if error is None else f": {type(error).__name__}"
    return record_event(
        _LEVELS.get(what, FrameworkEventLevel.INFO),
        f"{kind}_{what.upper()}",
        "flows",
        f"{name} {what}{after}{why}",
        duration_ms=None if what == "started" else round(seconds * 1000),
        error_details=details,
        metadata=metadata,
    )
