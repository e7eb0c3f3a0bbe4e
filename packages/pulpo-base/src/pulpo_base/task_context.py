"""The task that an operation runs as: what it can ask for to write the same thing only once."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bson import ObjectId

__all__ = ["CURRENT_TASK", "TaskContext", "current_task"]


@dataclass(frozen=True, slots=True)
class TaskContext:
    """One operation in one run of a flow.

    `key` is the same in every try, in a run that resumes another, and on every engine: it is made
    of the run, the operation and the input. `run` is the id of the flow run, empty where the
    operation was called by itself: then every call by `invoke` has a key of its own. `attempt`
    counts tries from 1.
    """

    key: str
    run: str = ""
    flow: str = ""
    operation: str = ""
    attempt: int = 1

    def document_id(self, label: str = "") -> ObjectId:
        """Return an id for a document that this task creates.

        With it, `await Order(id=current_task().document_id(), …).save()` in a second try changes
        the document of the first instead of making another. `label` tells several apart.
        """
        import hashlib

        from bson import ObjectId

        digest = hashlib.sha256(f"{self.key}\0{label}".encode()).hexdigest()
        return ObjectId(digest[:24])


#: Set by the engines around each try.
CURRENT_TASK: ContextVar[TaskContext | None] = ContextVar("pulpo_task", default=None)


def current_task() -> TaskContext:
    """Return the task that this code runs in; outside a flow, one with a key of its own.

    `invoke` tells the operations that it calls apart. Where they are called as plain functions, all
    that one asyncio task (or script) calls is one.
    """
    task = CURRENT_TASK.get()
    if task is None:
        import secrets

        task = TaskContext(key=secrets.token_hex(32))
        CURRENT_TASK.set(task)
    return task
