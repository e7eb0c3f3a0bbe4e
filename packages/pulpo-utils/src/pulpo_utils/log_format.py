"""How a log record becomes a line: one JSON object, or a form to read in a terminal."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import structlog

from pulpo_utils.exceptions import PulpoException
from pulpo_utils.log_context import get_context
from pulpo_utils.redaction import mask_text, redact, to_jsonable

if TYPE_CHECKING:
    from collections.abc import MutableMapping

__all__ = ["EventFormatter"]

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "pulpo_event"}


class EventFormatter(logging.Formatter):
    """Formats records of structured and of plain loggers alike, with secrets masked."""

    def __init__(self, *, json: bool, colors: bool = False, service: str | None = None) -> None:
        super().__init__()
        self._service = service
        if json:
            self._renderer: Any = structlog.processors.JSONRenderer(
                ensure_ascii=False, sort_keys=False, default=str
            )
        else:
            self._renderer = structlog.dev.ConsoleRenderer(colors=colors, sort_keys=False)
        self._json = json

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for `record`, without its line break."""
        facts = self._facts(record)
        if self._json:
            facts = to_jsonable(facts)
        else:
            facts = {name: _visible(value) for name, value in redact(facts).items()}
        exception = self._exception(record)
        if exception:
            facts["exception"] = exception
        if record.stack_info:
            facts["stack"] = mask_text(record.stack_info)
        line = self._renderer(None, record.levelname.lower(), facts)
        # half a surrogate pair cannot be written to any stream
        return str(line).encode("utf-8", "backslashreplace").decode("utf-8")

    def _facts(self, record: logging.LogRecord) -> dict[str, Any]:
        moment = datetime.fromtimestamp(record.created, UTC)
        facts: dict[str, Any] = {
            "timestamp": moment.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        given = getattr(record, "pulpo_event", None)
        if given is None:
            facts["event"] = record.getMessage()
            given = {**get_context(), **_extra(record)}
        else:
            given = dict(given)
            facts["event"] = given.pop("event")
        if self._service is not None:
            facts["service"] = self._service
        # what a caller names like one of ours does not replace it
        facts |= {(f"{key}_" if key in facts else key): value for key, value in given.items()}
        _add_trace(facts)
        _add_error(facts, record)
        return facts

    def _exception(self, record: logging.LogRecord) -> str:
        if not record.exc_info or record.exc_info[0] is None:
            return ""
        return mask_text(self.formatException(record.exc_info))


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    """Return what was given as `extra=` to a plain logger."""
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def _add_trace(facts: MutableMapping[str, Any]) -> None:
    """Return the ids of the current OpenTelemetry span, if the process uses OpenTelemetry."""
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None or "trace_id" in facts:
        return
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        facts["trace_id"] = f"{context.trace_id:032x}"
        facts["span_id"] = f"{context.span_id:016x}"


def _add_error(facts: MutableMapping[str, Any], record: logging.LogRecord) -> None:
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, PulpoException):
        facts["error"] = {
            "code": error.code,
            "category": error.category,
            "retryable": error.retryable,
            "details": dict(error.details),
        }


def _visible(value: Any) -> Any:
    """Control characters escaped, so that input cannot forge lines or steer a terminal."""
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in value
    )
