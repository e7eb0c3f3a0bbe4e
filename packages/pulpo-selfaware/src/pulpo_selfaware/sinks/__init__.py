"""Where events go besides memory. A sink runs in a thread of its own and can harm nobody."""

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
