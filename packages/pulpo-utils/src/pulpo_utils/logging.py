"""Structured logging: `get_logger`, and the context that every line of a task carries.

Loggers are structlog's, on top of the standard library's `logging`: a line goes to the logger of
the name that was asked for, as text with its facts in `record.pulpo_event`. A host application that
has its own handlers shows them like any other record; `setup_logging` gives them JSON or a readable
form. Secrets are masked in both.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

from pulpo_utils._extras import require
from pulpo_utils.log_context import LogContext, bind_context, clear_context, get_context
from pulpo_utils.logging_config import adopt, reset_logging, setup_logging
from pulpo_utils.redaction import redact

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from structlog.stdlib import BoundLogger

__all__ = [
    "LogContext",
    "bind_context",
    "clear_context",
    "get_context",
    "get_logger",
    "reset_logging",
    "setup_logging",
]


def get_logger(name: str | None = None, **facts: Any) -> BoundLogger:
    """Return a structured logger; `name` is by default the module of the caller.

    `facts` are on every line of this logger. Methods take an event and more facts:
    `get_logger().info("order_paid", order=42)`. `exception` adds the current traceback and, for
    a `PulpoException`, its code, category and details.

    Raises `MissingExtraError` without the `logging` extra.
    """
    require("structlog", extra="logging", needed_by="get_logger")
    import structlog

    if name is None:
        name = str(sys._getframe(1).f_globals.get("__name__", "__main__"))
    adopt(name)
    logger: BoundLogger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            _to_record,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        context_class=dict,
        cache_logger_on_first_use=False,
        **facts,
    )
    return logger


def _to_record(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> tuple[tuple[str], dict[str, Any]]:
    """Return what to call the standard library's logger with; the last processor."""
    context = get_context()
    if "event" in context:  # the line's own event is its message
        context["event_"] = context.pop("event")
    facts = {**context, **event}
    passed: dict[str, Any] = {
        name: facts.pop(name) for name in ("exc_info", "stack_info", "stacklevel") if name in facts
    }
    name = str(facts.pop("event", ""))
    pairs = "".join(f" {key}={value!r}" for key, value in redact(facts).items())
    text = redact(name) + redact(pairs)
    return (text,), {**passed, "extra": {"pulpo_event": {"event": name, **facts}}}
