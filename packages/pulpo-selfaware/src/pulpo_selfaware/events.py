"""What happened: levels, event types and the event itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "FrameworkEvent",
    "FrameworkEventLevel",
    "FrameworkEventType",
]


class FrameworkEventLevel(IntEnum):
    """How serious an event is. Ordered; the values are those of :mod:`logging`."""

    DEBUG = 10
    INFO = 20
    WARN = 30
    ERROR = 40
    CRITICAL = 50

    @classmethod
    def parse(cls, value: object) -> FrameworkEventLevel:
        """Return the level for a member, a name in any case ("warn") or a number (30).

        Raises ValueError that names the levels when `value` is none of these.
        """
        if isinstance(value, str):
            name = value.strip().upper()
            if name in cls.__members__:
                return cls[name]
        elif isinstance(value, int) and value in cls._value2member_map_:
            return cls(value)
        msg = f"unknown event level {value!r}; use one of {', '.join(cls.__members__)}"
        raise ValueError(msg)


class FrameworkEventType(StrEnum):
    """The framework's own event types.

    The set is open: wherever an event type is wanted, any non-empty string (or a member of a
    project's own StrEnum) does as well.
    """

    API_REQUEST_ERROR = "API_REQUEST_ERROR"
    API_REQUEST_SLOW = "API_REQUEST_SLOW"
    API_VALIDATION_ERROR = "API_VALIDATION_ERROR"
    CODEGEN_START = "CODEGEN_START"
    CODEGEN_COMPLETE = "CODEGEN_COMPLETE"
    CODEGEN_ERROR = "CODEGEN_ERROR"
    CODEGEN_SLOW = "CODEGEN_SLOW"
    DB_QUERY_ERROR = "DB_QUERY_ERROR"
    DB_QUERY_SLOW = "DB_QUERY_SLOW"
    DB_CONNECTION_ERROR = "DB_CONNECTION_ERROR"
    DECORATOR_REGISTRATION_ERROR = "DECORATOR_REGISTRATION_ERROR"
    DECORATOR_VALIDATION_ERROR = "DECORATOR_VALIDATION_ERROR"
    CLI_COMMAND_ERROR = "CLI_COMMAND_ERROR"
    CLI_COMMAND_COMPLETE = "CLI_COMMAND_COMPLETE"
    FRAMEWORK_INIT_ERROR = "FRAMEWORK_INIT_ERROR"
    FRAMEWORK_INIT_COMPLETE = "FRAMEWORK_INIT_COMPLETE"
    REGISTRY_ERROR = "REGISTRY_ERROR"
    REGISTRY_LOOKUP = "REGISTRY_LOOKUP"


class _NoDetails(dict[str, Any]):
    """The empty dict that all events without details share; an own one each would be 80 bytes."""

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        msg = (
            "the default error_details and metadata are shared and read-only; "
            "pass a dict of your own to FrameworkEvent(…)"
        )
        raise TypeError(msg)

    __setitem__ = __delitem__ = update = setdefault = _refuse
    pop = popitem = clear = __ior__ = _refuse

    def __copy__(self) -> dict[str, Any]:
        return {}

    def __deepcopy__(self, _memo: object) -> dict[str, Any]:
        return {}

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[()]]:
        return dict, ()


NO_DETAILS: Final[dict[str, Any]] = _NoDetails()


@dataclass(slots=True, init=False)
class FrameworkEvent:
    """One thing that happened.

    `module` names the part of the system ("api", "codegen", "database"); `timestamp` is aware and
    in UTC; `duration_ms` is in milliseconds, None where nothing was timed. `error_details` and
    `metadata` hold JSON-like values.
    """

    level: FrameworkEventLevel
    event_type: FrameworkEventType | str
    module: str
    message: str
    timestamp: datetime
    duration_ms: int | None
    error_details: dict[str, Any]
    metadata: dict[str, Any]

    # Written by hand because it runs for every capture: a clock is read only when no time is
    # given, and checks cost one identity comparison each when the caller did it right.
    def __init__(
        self,
        level: FrameworkEventLevel,
        event_type: FrameworkEventType | str,
        module: str,
        message: str,
        timestamp: datetime | None = None,
        duration_ms: int | None = None,
        error_details: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        if level.__class__ is not FrameworkEventLevel:
            level = FrameworkEventLevel.parse(level)
        if event_type.__class__ is not FrameworkEventType:
            event_type = _event_type(event_type)
        self.level = level
        self.event_type = event_type
        self.module = module
        self.message = message
        self.timestamp = datetime.now(UTC) if timestamp is None else _utc(timestamp)
        self.duration_ms = duration_ms
        self.error_details = NO_DETAILS if error_details is None else error_details
        self.metadata = NO_DETAILS if metadata is None else metadata

    def to_dict(self) -> dict[str, Any]:
        """Return the event as plain values; `from_dict` makes an equal event of them."""
        return {
            "level": self.level.name,
            "event_type": str(self.event_type),
            "module": self.module,
            "message": self.message,
            "timestamp": self.timestamp.isoformat(),
            "duration_ms": self.duration_ms,
            "error_details": dict(self.error_details),
            "metadata": dict(self.metadata),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild an event from `to_dict()`.

        Raises ValueError that names the field when one is missing, unknown or of the wrong kind.
        """
        fields = dict(data)
        for name in fields:
            if name not in cls.__slots__:
                near = get_close_matches(str(name), cls.__slots__, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                msg = f"FrameworkEvent has no field {name!r}{hint}"
                raise ValueError(msg)
        for name in ("level", "event_type", "module", "message"):
            if name not in fields:
                msg = f"field {name!r} of FrameworkEvent is missing"
                raise ValueError(msg)
        for name in ("module", "message"):
            _check(name, fields[name], str)
        for name in ("error_details", "metadata"):
            _check(name, fields.get(name) or {}, dict)
        duration = fields.get("duration_ms")
        if duration is not None:
            _check("duration_ms", duration, int)
        fields["timestamp"] = _timestamp(fields.get("timestamp"))
        return cls(**fields)


def _check(name: str, value: object, wanted: type) -> None:
    if not isinstance(value, wanted) or isinstance(value, bool):
        msg = f"field {name!r} of FrameworkEvent must be {wanted.__name__}, got {value!r}"
        raise ValueError(msg)  # noqa: TRY004 - one type for "this is not an event"


def _event_type(value: object) -> FrameworkEventType | str:
    if not isinstance(value, str) or not value:
        msg = f"an event type is a FrameworkEventType or a non-empty string, got {value!r}"
        raise ValueError(msg)
    # A member of a project's own StrEnum stays what it is.
    if value.__class__ is str:
        return FrameworkEventType._value2member_map_.get(value, value)  # type: ignore[return-value]
    return value


def _timestamp(value: object) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        msg = f"field 'timestamp' of FrameworkEvent is not an ISO 8601 time: {value!r}"
        raise ValueError(msg) from None


def _utc(value: datetime) -> datetime:
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        msg = (
            f"timestamp {value.isoformat()} has no time zone; "
            "use datetime.now(UTC) or attach one with .replace(tzinfo=…)"
        )
        raise ValueError(msg)
    return value.astimezone(UTC)
