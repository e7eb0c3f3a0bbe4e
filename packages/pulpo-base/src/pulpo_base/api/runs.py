"""Operations that go on after their request was answered: started, asked for, cancelled.

They run as tasks of the process that took the request. What became of them is in the database,
so that every process of the application can answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import HTTPException
from pymongo.errors import PyMongoError

from pulpo_base.api.run_records import LOST, Record, RunRecords
from pulpo_base.api.transactions import Database

__all__ = ["ProblemOf", "Runs", "background_runs"]

ProblemOf = Callable[[BaseException], Mapping[str, Any]]
"""Says what an error is for a client: the members of a problem document."""

#: Results that are longer, in characters of JSON, do not fit into a document of MongoDB.
_LONGEST_RESULT: Final = 12_000_000
#: How long a cancelled run may take to end before its request is answered.
_PATIENCE: Final = 2.0
#: After so many beats without a sign of life a process may be dead.
_BEATS: Final = 5

_log = logging.getLogger(__name__)


class Runs:
    """The runs that this process works on, and what is known of all others."""

    def __init__(
        self, database: Database, problem: ProblemOf, *, beat: float = 1.0, lease: float = 30.0
    ) -> None:
        """Speak of a database.

        Every `beat` seconds this process says that it is alive, and looks which of its runs are
        to be cancelled; one that has not done so for `lease` seconds is taken for dead.
        """
        self._worker = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._records = RunRecords(database, self._worker, lease)
        self._problem = problem
        self._beat = beat
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def start(
        self, operation: str, work: Callable[[], Awaitable[str]], owner: str = ""
    ) -> Record:
        """Begin a run and return it; `work` gives the result as JSON text."""
        record = await self._records.add(operation, owner)
        name: str = record["_id"]
        task = asyncio.create_task(self._run(name, operation, work))
        self._tasks[name] = task
        task.add_done_callback(lambda _: self._tasks.pop(name, None))
        return record

    async def find(self, name: str) -> Record | None:
        """Return a run, `None` where there is none of that id."""
        return await self._records.find(name)

    async def ended(self, name: str) -> None:
        """Wait until a run of this process has ended; any other has, as far as it knows."""
        if task := self._tasks.get(name):
            await asyncio.wait([task])

    async def cancel(self, name: str) -> Record | None:
        """Ask a run to stop, and wait a little until it has; `None` where there is none."""
        record = await self._records.ask_to_cancel(name)
        if record is None or record["state"] != "running":
            return record
        task = self._tasks.get(name)
        if task is None:
            return record  # another process hears of it with its next beat
        task.cancel()
        await asyncio.wait([task], timeout=_PATIENCE)
        return await self._records.find(name)

    async def open(self) -> None:
        """Fail what earlier processes left behind. Raises PyMongo's errors."""
        await self._records.prepare()
        await self._sweep()

    async def watch(self) -> None:
        """Keep in touch with the database until cancelled."""
        count = 0
        while True:
            await asyncio.sleep(self._beat)
            count += 1
            try:
                if self._tasks:
                    await self._records.alive()
                    for name in await self._records.to_cancel(list(self._tasks)):
                        if task := self._tasks.get(name):
                            task.cancel()
                if count % _BEATS == 0:
                    await self._sweep()
            except PyMongoError as error:
                _log.warning("the runs of operations cannot be kept up to date: %s", error)

    async def close(self) -> None:
        """Stop the runs of this process: they fail, and say why."""
        tasks = list(self._tasks.values())
        with contextlib.suppress(PyMongoError):
            # Before they are cancelled: nobody asked for that, so it is not what they say.
            await self._records.fail_of([self._worker])
        for task in tasks:
            task.cancel()
        if tasks:
            # One that cannot reach the database would try for ever.
            await asyncio.wait(tasks, timeout=_PATIENCE)

    async def _sweep(self) -> None:
        """Fail what nobody works on: silent for the lease, or shorter and known to be dead."""
        await self._records.fail_lost()
        dead = [one for one in await self._records.workers() if self._is_dead(one)]
        await self._records.fail_of(dead, silent=_BEATS * self._beat)

    async def _run(self, name: str, operation: str, work: Callable[[], Awaitable[str]]) -> None:
        try:
            result = await work()
        except asyncio.CancelledError:
            await self._ended(name, "cancelled")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is how the run ended
            problem = dict(self._problem(error))
            if int(problem.get("status", 500)) >= 500:  # noqa: PLR2004 - server errors
                _log.exception("run %s of %s failed", name, operation)
            await self._ended(name, "failed", problem=problem)
        else:
            if len(result) > _LONGEST_RESULT:
                detail = f"the result is too large to be kept ({len(result)} characters of JSON)"
                problem = {**LOST, "title": "Result Too Large", "code": "result_too_large"}
                await self._ended(name, "failed", problem={**problem, "detail": detail})
            else:
                await self._ended(name, "succeeded", result=result)

    async def _ended(self, name: str, state: str, **values: Any) -> None:
        """Keep how a run ended, as soon as the database can be reached."""
        while True:
            try:
                return await self._records.finish(name, state, **values)
            except PyMongoError as error:
                _log.warning("the end of run %s cannot be kept yet: %s", name, error)
                await asyncio.sleep(self._beat)

    def _is_dead(self, worker: str) -> bool:
        """Return whether a process of this machine has ended, as far as can be seen from here.

        Containers may share a name and not see each other's processes: silence has to join it.
        """
        host, _, rest = worker.rpartition(":")[0].rpartition(":")
        if worker == self._worker or host != socket.gethostname() or not rest.isdigit():
            return False
        if int(rest) == os.getpid():
            return True  # it was called so before us
        try:
            os.kill(int(rest), 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
        return False


@asynccontextmanager
async def background_runs(
    database: Database,
    problem: ProblemOf | None = None,
    *,
    beat: float = 1.0,
    lease: float = 30.0,
) -> AsyncIterator[Runs]:
    """Work on runs for a block of code: `app.state.runs = runs` in the lifespan.

    `problem` says what an error is for a client. Runs that dead processes left are failed when
    the block begins, those of this process when it ends.
    """
    runs = Runs(database, problem or _plain_problem, beat=beat, lease=lease)
    await runs.open()
    watching = asyncio.create_task(runs.watch())
    try:
        yield runs
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await runs.close()


def _plain_problem(error: BaseException) -> Mapping[str, Any]:
    """Tell what the error itself says to a client, and nothing of any other."""
    if isinstance(error, HTTPException):
        return {"status": error.status_code, "detail": error.detail}
    return {"status": 500, "title": "Internal Server Error"}
