"""Observability for any FastAPI or ASGI application.

Events, request statistics, a dashboard, and no harm to the request. Every public name can be
imported from here; each is loaded from its module when it is first asked for.
"""

from __future__ import annotations

from pulpo_selfaware.lazy import lazy_names

TYPE_CHECKING = False  # typing's own would cost as much as all the rest of this import
if TYPE_CHECKING:
    from pulpo_selfaware.events import FrameworkEvent, FrameworkEventLevel, FrameworkEventType
    from pulpo_selfaware.flow_events import record_flow_event
    from pulpo_selfaware.middleware import SelfAwarenessMiddleware, add_selfawareness_middleware
    from pulpo_selfaware.mongo import MongoObserver, observe_mongo
    from pulpo_selfaware.operations import current_operation, running_operation
    from pulpo_selfaware.request_context import current_request_id, current_traceparent
    from pulpo_selfaware.sinks import (
        CallableSink,
        JsonLinesSink,
        LoggingSink,
        MemorySink,
        Sink,
        SinkWorker,
    )
    from pulpo_selfaware.sinks.otel import OpenTelemetrySink
    from pulpo_selfaware.sinks.prometheus import metrics_app
    from pulpo_selfaware.timing import track
    from pulpo_selfaware.tracking import (
        EventTracker,
        capture_event,
        capture_exception,
        get_tracker,
        record_event,
        record_exception,
        set_tracker,
    )
    from pulpo_selfaware.web import selfaware_router
    from pulpo_selfaware.web.access import is_local_request

__all__ = [
    "CallableSink",
    "EventTracker",
    "FrameworkEvent",
    "FrameworkEventLevel",
    "FrameworkEventType",
    "JsonLinesSink",
    "LoggingSink",
    "MemorySink",
    "MongoObserver",
    "OpenTelemetrySink",
    "SelfAwarenessMiddleware",
    "Sink",
    "SinkWorker",
    "add_selfawareness_middleware",
    "capture_event",
    "capture_exception",
    "current_operation",
    "current_request_id",
    "current_traceparent",
    "get_tracker",
    "is_local_request",
    "metrics_app",
    "observe_mongo",
    "record_event",
    "record_exception",
    "record_flow_event",
    "running_operation",
    "selfaware_router",
    "set_tracker",
    "track",
]

__getattr__ = lazy_names(
    __name__,
    {
        "events": ("FrameworkEvent", "FrameworkEventLevel", "FrameworkEventType"),
        "flow_events": ("record_flow_event",),
        "middleware": ("SelfAwarenessMiddleware", "add_selfawareness_middleware"),
        "mongo": ("MongoObserver", "observe_mongo"),
        "operations": ("current_operation", "running_operation"),
        "request_context": ("current_request_id", "current_traceparent"),
        "sinks": (
            "CallableSink",
            "JsonLinesSink",
            "LoggingSink",
            "MemorySink",
            "Sink",
            "SinkWorker",
        ),
        "sinks.otel": ("OpenTelemetrySink",),
        "sinks.prometheus": ("metrics_app",),
        "timing": ("track",),
        "tracking": (
            "EventTracker",
            "capture_event",
            "capture_exception",
            "get_tracker",
            "record_event",
            "record_exception",
            "set_tracker",
        ),
        "web": ("selfaware_router",),
        "web.access": ("is_local_request",),
    },
)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
