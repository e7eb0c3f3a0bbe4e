"""Where Prefect keeps the results of steps: nowhere, since they are kept beside the run's record.

Of a task whose result is not persisted Prefect works out all the same, twice, what its path on the
local disk would be. That is a tenth of what a task costs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefect.results import ResultStore

__all__ = ["kept_as_configured", "kept_nowhere"]


@contextmanager
def kept_nowhere() -> Iterator[ResultStore | None]:
    """Have no place for results of the tasks that the block starts; yield where the flow's go."""
    from prefect.context import FlowRunContext
    from prefect.filesystems import NullFileSystem

    context = FlowRunContext.get()
    if context is None:
        yield None
        return
    nowhere = context.result_store.model_copy(update={"result_storage": NullFileSystem()})
    with context.model_copy(update={"result_store": nowhere}):
        yield context.result_store


@contextmanager
def kept_as_configured(store: ResultStore | None) -> Iterator[None]:
    """Have results of tasks that an operation calls by itself kept where those of the flow are."""
    from prefect.context import TaskRunContext

    context = TaskRunContext.get()
    if context is None or store is None:
        yield
        return
    with context.model_copy(update={"result_store": store}):
        yield
