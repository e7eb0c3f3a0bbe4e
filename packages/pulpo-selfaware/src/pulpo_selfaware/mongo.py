"""Watching a MongoDB client: which collections each operation uses, what is slow, what fails."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from pulpo_selfaware.events import FrameworkEvent, FrameworkEventLevel, FrameworkEventType
from pulpo_selfaware.extras import raise_missing
from pulpo_selfaware.mongo_commands import command_accesses
from pulpo_selfaware.operations import current_operation
from pulpo_selfaware.request_context import current_request_id
from pulpo_selfaware.tracking import get_tracker

if TYPE_CHECKING:
    from pymongo import AsyncMongoClient, MongoClient
    from pymongo.monitoring import _EventListener

    from pulpo_selfaware.data_access import AccessKind
    from pulpo_selfaware.tracking import EventTracker

__all__ = ["MongoObserver", "mongo_listeners", "observe_mongo"]

_log = logging.getLogger("pulpo_selfaware")
_CONNECTION_ERRORS = frozenset(
    (
        "AutoReconnect",
        "ConnectionFailure",
        "NetworkTimeout",
        "NotPrimaryError",
        "ServerSelectionTimeoutError",
        "WaitQueueTimeoutError",
        "_OperationCancelled",
    )
)
#: Commands that ask about a collection, and what the server calls one that is not there (yet):
#: drivers ask for indexes and options before there are any, and take that for an empty answer.
_ASKING = frozenset(("collStats", "listIndexes"))
_NAMESPACE_NOT_FOUND = 26
_MOST_PENDING = 10_000


class MongoObserver:
    """Turns a client's command events into data access counts and events.

    slow_ms: from here on a command is a DB_QUERY_SLOW event.
    tracker: where to record; the process's tracker if None.

    Names of commands, databases and collections, times and error codes are kept, no values: what
    the server says about an error is left out, since it quotes documents.
    """

    def __init__(self, *, slow_ms: float = 100, tracker: EventTracker | None = None) -> None:
        if not slow_ms > 0:
            msg = f"slow_ms must be more than 0 milliseconds, got {slow_ms}"
            raise ValueError(msg)
        self._slow_ms = slow_ms
        self._tracker = tracker
        self._pending: dict[tuple[int, Any], _Pending] = {}
        self._down: set[str] = set()
        self._fault_reported = False

    def command_started(self, event: Any) -> None:
        """Remember which collections the command is about, and for which operation it runs."""
        try:
            accesses = command_accesses(event.command_name, event.command)
            if len(self._pending) >= _MOST_PENDING:  # ends that never came
                self._pending.clear()
            self._pending[event.request_id, event.connection_id] = (accesses, current_operation())
        except Exception:  # noqa: BLE001
            self._fault()

    def command_ended(self, event: Any, failure: dict[str, Any] | None = None) -> None:
        """Count the command, and make an event of it if it failed or was slow."""
        try:
            key = (event.request_id, event.connection_id)
            accesses, operation = self._pending.pop(key, ([], current_operation()))
            ms = event.duration_micros / 1000
            tracker = self._tracker or get_tracker()
            if failure is not None and _is_no_error(event, failure):
                failure = None
            failed = failure is not None
            for collection, kind in accesses:
                tracker.data_access.add(operation, collection, kind, ms, failed=failed)
            if failure is not None:
                tracker.record(self._failed(event, failure, accesses, operation, ms))
            elif ms >= self._slow_ms and accesses:
                tracker.record(self._slow(event, accesses, operation, ms))
        except Exception:  # noqa: BLE001
            self._fault()

    def heartbeat_failed(self, event: Any) -> None:
        """Make one event of a server that stopped answering, however often it is asked."""
        if event.awaited:  # a lasting question, cut off also by closing the client; it asks anew
            return
        address = _address(event.connection_id)
        if address not in self._down:
            self._down.add(address)
            tracker = self._tracker or get_tracker()
            tracker.record(
                FrameworkEvent(
                    FrameworkEventLevel.ERROR,
                    FrameworkEventType.DB_CONNECTION_ERROR,
                    "database",
                    f"MongoDB at {address} does not answer",
                    error_details={"type": type(event.reply).__name__},
                    metadata={"server": address},
                )
            )

    def heartbeat_succeeded(self, event: Any) -> None:
        """Note that a server answers (again)."""
        self._down.discard(_address(event.connection_id))

    def _failed(
        self,
        event: Any,
        failure: dict[str, Any],
        accesses: list[tuple[str, AccessKind]],
        operation: str | None,
        ms: float,
    ) -> FrameworkEvent:
        kind = failure.get("errtype")
        is_connection = kind in _CONNECTION_ERRORS
        code = failure.get("codeName") or kind or failure.get("code") or "unknown error"
        return FrameworkEvent(
            FrameworkEventLevel.ERROR,
            FrameworkEventType.DB_CONNECTION_ERROR
            if is_connection
            else FrameworkEventType.DB_QUERY_ERROR,
            "database",
            f"{_what(event, accesses)} failed: {code}",
            None,
            round(ms),
            {"code": failure.get("code"), "code_name": failure.get("codeName"), "type": kind},
            _metadata(event, accesses, operation),
        )

    def _slow(
        self,
        event: Any,
        accesses: list[tuple[str, AccessKind]],
        operation: str | None,
        ms: float,
    ) -> FrameworkEvent:
        return FrameworkEvent(
            FrameworkEventLevel.WARN,
            FrameworkEventType.DB_QUERY_SLOW,
            "database",
            f"{_what(event, accesses)} took {ms:.0f} ms",
            None,
            round(ms),
            None,
            _metadata(event, accesses, operation),
        )

    def _fault(self) -> None:
        # A listener's exception would not stop the query, but PyMongo prints each one.
        if not self._fault_reported:
            self._fault_reported = True
            _log.exception("observing a MongoDB command failed; further failures are not logged")


def _is_no_error(event: Any, failure: dict[str, Any]) -> bool:
    return event.command_name in _ASKING and failure.get("code") == _NAMESPACE_NOT_FOUND


_Pending = tuple[list[tuple[str, "AccessKind"]], str | None]


def mongo_listeners(observer: MongoObserver | None = None) -> list[_EventListener]:
    """Return what to give a client as `event_listeners=` where it is made."""
    try:
        from pymongo.monitoring import CommandListener, ServerHeartbeatListener
    except ImportError as error:
        raise_missing("observe_mongo", "mongo", error)
    watch = observer or MongoObserver()

    class Commands(CommandListener):
        def started(self, event: Any) -> None:
            watch.command_started(event)

        def succeeded(self, event: Any) -> None:
            watch.command_ended(event)

        def failed(self, event: Any) -> None:
            watch.command_ended(event, dict(event.failure))

    class Heartbeats(ServerHeartbeatListener):
        def started(self, event: Any) -> None:
            """Nothing is known yet."""

        def succeeded(self, event: Any) -> None:
            watch.heartbeat_succeeded(event)

        def failed(self, event: Any) -> None:
            watch.heartbeat_failed(event)

    return [Commands(), Heartbeats()]


def observe_mongo(
    client: MongoClient[Any] | AsyncMongoClient[Any],
    *,
    slow_ms: float = 100,
    tracker: EventTracker | None = None,
) -> MongoObserver:
    """Watch every command of `client`, synchronous or asynchronous, from now on.

    Observing a client twice is refused with RuntimeError. PyMongo takes listeners only where a
    client is made, so this reaches into the client; if a version of PyMongo does not allow that,
    RuntimeError says what to write instead.
    """
    observer = MongoObserver(slow_ms=slow_ms, tracker=tracker)
    listeners = mongo_listeners(observer)
    registered = getattr(client, "_event_listeners", None)
    inside = vars(registered) if registered is not None else {}
    prefix = "_EventListeners__"
    names = ("command", "server_heartbeat")
    if any(f"{prefix}{name}_listeners" not in inside for name in names):
        msg = (
            f"cannot add listeners to this {type(client).__name__}; "
            "make it with event_listeners=pulpo_selfaware.mongo.mongo_listeners()"
        )
        raise RuntimeError(msg)
    already = inside[f"{prefix}command_listeners"]
    if any(type(one).__module__ == __name__ for one in already):
        msg = "this client is observed already; remove one of the calls of observe_mongo"
        raise RuntimeError(msg)
    for name, listener in zip(names, listeners, strict=True):
        inside[f"{prefix}{name}_listeners"].append(listener)
    inside[f"{prefix}enabled_for_commands"] = True
    inside[f"{prefix}enabled_for_server_heartbeat"] = True
    return observer


def _what(event: Any, accesses: list[tuple[str, AccessKind]]) -> str:
    return f"{event.command_name} {accesses[0][0]}" if accesses else str(event.command_name)


def _address(connection_id: Any) -> str:
    return ":".join(str(part) for part in connection_id if part is not None)


def _metadata(
    event: Any, accesses: list[tuple[str, AccessKind]], operation: str | None
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "command": event.command_name,
        "database": event.database_name,
        "collections": [collection for collection, _ in accesses],
    }
    if operation is not None:
        found["operation"] = operation
    request_id = current_request_id()
    if request_id is not None:
        found["request_id"] = request_id
    return found
