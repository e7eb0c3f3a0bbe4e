"""Operations and flows that go on after their request was answered: started, cancelled.

They run as tasks of the process that took the request. What became of them is in the database,
so that every process of the application can answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import os
import secrets
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, Literal

from pymongo.errors import PyMongoError

from pulpo_base.runs.outputs import RunOutputs
from pulpo_base.runs.pausing import pause
from pulpo_base.runs.prefect_api import PrefectApi, PrefectUnreachableError
from pulpo_base.runs.records import Database, Record, RunRecords
from pulpo_base.runs.servers import prefect_server

__all__ = [
    "Engine",
    "ProblemOf",
    "RunFailedError",
    "Runs",
    "Work",
    "background_runs",
    "worker_name",
]

Engine = Literal["auto", "local", "prefect"]
"""Where runs go: to Prefect where a worker takes them (`auto`), never or always."""

ProblemOf = Callable[[BaseException], Mapping[str, Any]]
"""Says what an error is for a client: the members of a problem document."""

Work = Callable[[str], Awaitable[str]]
"""Does what a run of that id is for, and returns the result as JSON text."""

#: How long a cancelled run may take to end before its request is answered.
_PATIENCE: Final = 2.0
#: After so many beats without a sign of life a process may be dead.
_BEATS: Final = 5

#: Of so many runs that wait for Prefect it is asked at once whether it knows them.
_ASKED: Final = 50

_log = logging.getLogger(__name__)


class RunFailedError(Exception):
    """Raised by the work of a run that knows itself what to tell a client."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        """`problem` are the members of a problem document."""
        super().__init__(problem.get("title", ""))
        self.problem = problem


class Runs:
    """The runs that this process works on, and what is known of all others."""

    def __init__(
        self,
        database: Database,
        problem: ProblemOf,
        *,
        engine: Engine = "local",
        beat: float = 1.0,
        lease: float = 30.0,
    ) -> None:
        """Speak of a database; `engine` says where operations run that are begun here.

        Every `beat` seconds this process says that it is alive, and looks which of its runs are
        to be cancelled; one that has not done so for `lease` seconds is taken for dead, by those
        who did.
        """
        self.database = database
        self.engine = engine
        self._worker = worker_name()
        self.records = RunRecords(database, self._worker, lease)
        self.outputs = RunOutputs(database)
        self._problem = problem
        self._beat = beat
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ending: set[str] = set()
        self._telling: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._over = asyncio.Event()
        self._lease = lease
        self._contact = time.monotonic()
        self._in_touch_since = self._contact

    async def start(self, operation: str, work: Work, owner: str = "", **facts: Any) -> Record:
        """Begin a run and return it; `facts` is what else is known of it.

        `operation` is empty for a run of something else, which is among the facts then.
        """
        record = await self.records.add(operation, owner, **facts)
        name: str = record["_id"]
        what = operation or str(facts.get("flow", ""))
        task = asyncio.create_task(self._run(name, what, work))
        self._tasks[name] = task
        task.add_done_callback(lambda _: self._tasks.pop(name, None))
        return record

    async def find(self, name: str) -> Record | None:
        """Return a run, `None` where there is none of that id."""
        return await self.records.find(name)

    async def ended(self, name: str) -> None:
        """Wait until a run of this process has ended; any other has, as far as it knows."""
        if task := self._tasks.get(name):
            await asyncio.wait([task])

    async def cancel(self, name: str) -> Record | None:
        """Ask a run to stop, and wait a little until it has; `None` where there is none."""
        record = await self.records.ask_to_cancel(name)
        if record is None or record["state"] != "running":
            return record
        task = self._tasks.get(name)
        if task is None:
            return record  # another process hears of it with its next beat
        self._stop(name, task)
        await asyncio.wait([task], timeout=_PATIENCE)
        return await self.records.find(name)

    async def open(self) -> None:
        """Fail what earlier processes left behind, and watch. Raises PyMongo's errors."""
        await self.records.prepare()
        await self.outputs.prepare()
        self._in_touch_since = self._contact = time.monotonic()
        await self._sweep()
        self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        """Keep in touch with the database until told that it is over."""
        count = 0
        while True:
            await pause(self._over, self._beat)
            if self._over.is_set():
                return
            count += 1
            try:
                if self._tasks:
                    await self.records.alive()
                    for name in await self.records.to_cancel(list(self._tasks)):
                        task = self._tasks.get(name)
                        # Once: a second time would interrupt its cleaning up.
                        if task is not None and not task.cancelling():
                            self._stop(name, task)
                    self._touched()
                if count % _BEATS == 0:
                    await self._sweep()
            except PyMongoError as error:
                self._contact = -math.inf  # however short: it may have been away for longer
                _log.warning("the runs of operations cannot be kept up to date: %s", error)

    async def close(self) -> None:
        """Stop the runs of this process: they fail, and say why."""
        self._over.set()
        if self._watching is not None:
            await asyncio.wait([self._watching], timeout=_PATIENCE)
            self._watching.cancel()
        if done := [self._tasks[name] for name in self._ending if name in self._tasks]:
            await asyncio.wait(done, timeout=_PATIENCE)  # they know how they ended
        tasks = list(self._tasks.values())
        with contextlib.suppress(PyMongoError):
            # Before they are cancelled: nobody asked for that, so it is not what they say.
            await self.records.fail_of([self._worker])
        for task in tasks:
            task.cancel()
        if self._telling is not None:
            tasks.append(self._telling)
        if tasks:
            # One that cannot reach the database would try for ever.
            await asyncio.wait(tasks, timeout=_PATIENCE)
        if self._telling is not None:
            self._telling.cancel()

    def _stop(self, name: str, task: asyncio.Task[None]) -> None:
        """Cancel the work of a run; one that has ended meanwhile is left to say how."""
        if name not in self._ending:
            task.cancel()

    async def _sweep(self) -> None:
        """Fail what nobody works on: silent for the lease, or shorter and known to be dead.

        Silence says nothing before this process itself was in touch with the database for a lease:
        while that is away all are silent, and the first that is back would fail the runs of all.
        Prefect has such runs `Running` for ever; it is told that they crashed.
        """
        workers = await self.records.workers()
        self._touched()
        if self._contact - self._in_touch_since >= self._lease:
            await self.records.fail_lost()
        dead = [one for one in workers if self._is_dead(one)]
        await self.records.fail_of(dead, silent=_BEATS * self._beat)
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._agree_with_prefect())

    def _touched(self) -> None:
        """Take note that the database answered."""
        now = time.monotonic()
        # A driver may have waited for it, and told of no error.
        if now - self._contact > max(self._lease / 2, 2 * _BEATS * self._beat):
            self._in_touch_since = now
        self._contact = now

    async def _agree_with_prefect(self) -> None:
        """Have runs end in Prefect's pages, too, that died here, and here those it has forgotten.

        A run of thousands of steps takes minutes to tell, in which this process has to show that
        it is alive. What was not told of is told by the next who sweeps.
        """
        try:
            lost = await self.records.untold()
            waiting = await self.records.waiting(limit=_ASKED)
            server = await prefect_server(self.database) if lost or waiting else None
            if server is None:
                return
            async with PrefectApi(server.url, patience=_PATIENCE) as api:
                for record in lost:
                    await api.lost(record["_id"], was_cancelled=record["state"] == "cancelled")
                    await self.records.told(record["_id"])
                unknown = await api.unknown([one["_id"] for one in waiting]) if waiting else ()
                for record in waiting:
                    if record["_id"] in unknown:
                        await self.records.forgotten(record)
        except (PrefectUnreachableError, PyMongoError, ModuleNotFoundError) as error:
            # It may have no httpx.
            _log.warning("what became of runs is not agreed with Prefect yet: %s", error)

    async def _run(self, name: str, what: str, work: Work) -> None:
        try:
            result = await work(name)
        except asyncio.CancelledError:
            await self._ended(name, "cancelled")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is how the run ended
            problem = self._told(error)
            if problem.get("status", 500) >= 500:  # noqa: PLR2004 - server errors
                _log.exception("run %s of %s failed", name, what)
            await self._ended(name, "failed", problem=problem)
        else:
            await self._ended(name, "succeeded", result=result)

    def _told(self, error: Exception) -> dict[str, Any]:
        """Return what an error is for a client."""
        if isinstance(error, RunFailedError):
            return dict(error.problem)
        try:
            return dict(self._problem(error))
        except Exception:  # noqa: BLE001
            # As where the error cannot say what it is: the run has to end all the same.
            _log.exception("what a %s is for a client could not be said", type(error).__name__)
            return {"status": 500, "title": type(error).__name__}

    async def _ended(self, name: str, state: str, **values: Any) -> None:
        """Keep how a run ended, as soon as the database can be reached."""
        self._ending.add(name)
        try:
            while True:
                try:
                    return await self.records.finish(name, state, **values)
                except PyMongoError as error:
                    _log.warning("the end of run %s cannot be kept yet: %s", name, error)
                    await asyncio.sleep(self._beat)
        finally:
            self._ending.discard(name)

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


def worker_name() -> str:
    """Return a name for this process that nobody else has or will have."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


@asynccontextmanager
async def background_runs(
    database: Database,
    problem: ProblemOf | None = None,
    *,
    engine: Engine = "local",
    beat: float = 1.0,
    lease: float = 30.0,
) -> AsyncIterator[Runs]:
    """Work on runs for a block of code: `app.state.runs = runs` in the lifespan.

    `problem` says what an error is for a client, `engine` where operations run. Runs that dead
    processes of this machine left are failed when the block begins, those of others after a lease,
    and those of this process when it ends.
    """
    runs = Runs(database, problem or _plain_problem, engine=engine, beat=beat, lease=lease)
    await runs.open()
    try:
        yield runs
    finally:
        await runs.close()


def _plain_problem(error: BaseException) -> Mapping[str, Any]:
    """Tell what the error itself says to a client, and nothing of any other."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):  # an HTTPException of Starlette
        return {"status": status, "detail": getattr(error, "detail", "")}
    return {"status": 500, "title": "Internal Server Error"}
