"""Where events go besides memory. A sink runs in a thread of its own and can harm nobody."""

from __future__ import annotations

from pulpo_selfaware.lazy import lazy_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pulpo_selfaware.sinks.callable import CallableSink
    from pulpo_selfaware.sinks.jsonlines import JsonLinesSink
    from pulpo_selfaware.sinks.log import LoggingSink
    from pulpo_selfaware.sinks.memory import MemorySink
    from pulpo_selfaware.sinks.worker import Sink, SinkWorker

__all__ = [
    "CallableSink",
    "JsonLinesSink",
    "LoggingSink",
    "MemorySink",
    "Sink",
    "SinkWorker",
]

__getattr__ = lazy_names(
    __name__,
    {
        "callable": ("CallableSink",),
        "jsonlines": ("JsonLinesSink",),
        "log": ("LoggingSink",),
        "memory": ("MemorySink",),
        "worker": ("Sink", "SinkWorker"),
    },
)
