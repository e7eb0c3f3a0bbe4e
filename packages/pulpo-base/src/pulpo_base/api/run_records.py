"""Runs of operations as the database keeps them: one document a run, in `pulpo_runs`.

Times are the database's own (`$$NOW`), so that the clocks of several machines do not matter.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from typing import Any, Final, cast

from pymongo import ReturnDocument
from pymongo.asynchronous.collection import AsyncCollection

from pulpo_base.api.transactions import Database

__all__ = ["COLLECTION", "LOST", "Record", "RunRecords"]

Record = dict[str, Any]

COLLECTION: Final = "pulpo_runs"
#: Seconds that a run is kept after its end.
_KEPT: Final = 7 * 24 * 3600

#: Why a run failed that nobody works on any more.
LOST: Final[Record] = {
    "type": "about:blank",
    "title": "Run Interrupted",
    "status": 500,
    "code": "run_interrupted",
    "detail": "the process that ran this operation ended before the operation did",
}


class RunRecords:
    """The runs of one application; `worker` names the process that works on those it adds."""

    def __init__(self, database: Database, worker: str, lease: float) -> None:
        """Speak of a database; a run without a sign of life for `lease` seconds is lost."""
        self._records: AsyncCollection[Record] = database[COLLECTION]
        self._worker = worker
        self._lease_ms = round(lease * 1000)

    async def prepare(self) -> None:
        """Make the index by which the server forgets old runs, and the one of those that go on."""
        await self._records.create_index("finished_at", expireAfterSeconds=_KEPT)
        await self._records.create_index([("state", 1), ("worker", 1)])

    async def add(self, operation: str, owner: str) -> Record:
        """Add a run that begins now. Its id cannot be guessed."""
        name = secrets.token_urlsafe(18)
        started = {
            "operation": {"$literal": operation},
            "owner": {"$literal": owner},
            "worker": {"$literal": self._worker},
            "state": "running",
            "cancelling": {"$literal": False},
            "created_at": "$$NOW",
            "alive_at": "$$NOW",
        }
        found = await self._records.find_one_and_update(
            {"_id": name},
            [{"$set": started}],
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return cast("Record", found)  # an upsert always finds one

    async def find(self, name: str) -> Record | None:
        """Return a run."""
        return await self._records.find_one({"_id": name})

    async def finish(self, name: str, state: str, **values: Any) -> None:
        """Say how a run of this process ended; what was said before counts."""
        facts = {key: {"$literal": value} for key, value in values.items()}
        await self._records.update_one(
            {"_id": name, "worker": self._worker, "state": "running"},
            [{"$set": {"state": state, "finished_at": "$$NOW", **facts}}],
        )

    async def ask_to_cancel(self, name: str) -> Record | None:
        """Ask whoever works on a run to stop; return the run, `None` where there is none."""
        await self._records.update_one(
            {"_id": name, "state": "running"}, {"$set": {"cancelling": True}}
        )
        return await self.find(name)

    async def alive(self) -> None:
        """Say that this process works on its runs."""
        await self._records.update_many(
            {"worker": self._worker, "state": "running"}, [{"$set": {"alive_at": "$$NOW"}}]
        )

    async def to_cancel(self, names: Iterable[str]) -> list[str]:
        """Return those of these runs that somebody asked to stop."""
        asked = {"_id": {"$in": list(names)}, "state": "running", "cancelling": True}
        return [record["_id"] async for record in self._records.find(asked, {"_id": 1})]

    async def fail_lost(self) -> int:
        """Fail the runs that nobody has worked on for the lease; return how many these were."""
        return await self._fail(_silent(self._lease_ms))

    async def workers(self) -> list[str]:
        """Return the processes that say they work on runs."""
        return list(await self._records.distinct("worker", {"state": "running"}))

    async def fail_of(self, workers: Collection[str], silent: float = 0) -> int:
        """Fail the runs of these processes, if they were silent for that many seconds."""
        if not workers:
            return 0
        return await self._fail({"worker": {"$in": list(workers)}, **_silent(round(silent * 1000))})

    async def _fail(self, which: Record) -> int:
        done = await self._records.update_many(
            {"state": "running", **which},
            [{"$set": {"state": "failed", "finished_at": "$$NOW", "problem": {"$literal": LOST}}}],
        )
        return done.modified_count


def _silent(milliseconds: int) -> Record:
    age = {"$subtract": ["$$NOW", "$alive_at"]}
    return {"$expr": {"$gte": [age, milliseconds]}}
