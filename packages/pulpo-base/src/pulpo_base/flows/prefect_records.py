"""The record of a run that Prefect began in this process: kept alive, listened to, and ended."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from pulpo_base.runs.pausing import pause

if TYPE_CHECKING:
    from pulpo_base.runs.outputs import RunOutputs
    from pulpo_base.runs.records import Database, Record, RunRecords

__all__ = ["alive", "finish", "run_stores"]

#: Seconds between two signs of life, and after which a silent run is taken for lost.
_BEAT: Final = 1.0
_LEASE: Final = 30.0

#: The databases whose indexes this process has made.
_prepared: set[str] = set()

_log = logging.getLogger(__name__)


async def run_stores(database: Database) -> tuple[RunRecords, RunOutputs]:
    """Return where a run of this process is written down, and where its outputs are kept."""
    from pulpo_base.runs.outputs import RunOutputs
    from pulpo_base.runs.records import RunRecords
    from pulpo_base.runs.working import worker_name

    records, outputs = RunRecords(database, worker_name(), _LEASE), RunOutputs(database)
    if database.name not in _prepared:
        await records.prepare()
        await outputs.prepare()
        _prepared.add(database.name)
    return records, outputs


@asynccontextmanager
async def alive(records: RunRecords, name: str) -> AsyncIterator[None]:
    """Say that a run goes on while the block does, and cancel the block when somebody asks so."""
    over = asyncio.Event()
    beating = asyncio.create_task(_beat(records, name, asyncio.current_task(), over))
    try:
        yield
    finally:
        # Asked to end, not cancelled: a driver that is cancelled while it connects leaves its
        # socket open.
        over.set()
        await asyncio.wait([beating])


async def _beat(
    records: RunRecords, name: str, flow: asyncio.Task[Any] | None, over: asyncio.Event
) -> None:
    """Say that the run goes on until it is over, and cancel it when somebody asks for that."""
    from pymongo.errors import PyMongoError

    while True:
        await pause(over, _BEAT)
        if over.is_set():
            return
        try:
            if await records.beat(name) and flow is not None:
                flow.cancel()
                return
        except PyMongoError as error:
            _log.warning("run %s cannot be kept up to date yet: %s", name, error)


async def finish(records: RunRecords, name: str, state: str, end: Record) -> None:
    """Write down how the run ended, as soon as the database can be reached."""
    from pymongo.errors import PyMongoError

    for _ in range(round(_LEASE / _BEAT)):
        try:
            return await records.finish(name, state, **end)
        except PyMongoError as error:
            _log.warning("the end of run %s cannot be kept yet: %s", name, error)
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(_BEAT)
    _log.error("the end of run %s (%s) could not be kept (process %s)", name, state, os.getpid())
    return None
