"""Runs of operations and flows as the database keeps them: one document a run, in `pulpo_runs`.

Times are the database's own (`$$NOW`), so that the clocks of several machines do not matter.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, cast

from bson.codec_options import CodecOptions
from pymongo import ReturnDocument
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DocumentTooLarge, DuplicateKeyError, OperationFailure, PyMongoError

from pulpo_base.runs.stand_ins import with_stand_ins

__all__ = [
    "COLLECTION",
    "KEPT_SECONDS",
    "LOST",
    "NEWEST",
    "AlreadyResumedError",
    "Database",
    "Record",
    "RunRecords",
    "RunTooLargeError",
]

Record = dict[str, Any]
Database = AsyncDatabase[Record]

_log = logging.getLogger(__name__)

COLLECTION: Final = "pulpo_runs"
#: Seconds that a run is kept after its end.
KEPT_SECONDS: Final = 7 * 24 * 3600

#: The worker of a run that no process has taken yet.
WAITING: Final = "(waiting)"

#: Why a run failed that nobody works on any more.
LOST: Final[Record] = {
    "type": "about:blank",
    "title": "Run Interrupted",
    "status": 500,
    "code": "run_interrupted",
    "detail": "the process that ran this operation ended before the operation did",
}

#: Why a run failed that waited for Prefect, which does not know it.
_FORGOTTEN: Final[Record] = {
    **LOST,
    "title": "Run Lost",
    "code": "run_lost",
    "detail": "Prefect does not know this run any more: its database was reset, or the run was "
    "deleted there; begin it again, or resume it",
}

#: How a run ends whose result does not fit into a document of MongoDB (16 MiB) with all the rest.
_TOO_LARGE: Final[Record] = {
    **LOST,
    "title": "Result Too Large",
    "code": "result_too_large",
    "detail": "the result is too large to be kept",
}
#: How a run ends of whose end the database can store nothing else.
_NOT_STORED: Final[Record] = {
    **LOST,
    "title": "Run Not Kept",
    "code": "run_not_kept",
    "detail": "how this run ended cannot be stored: the log of its process says why",
}
#: The server's codes for a document that is, or would become, too large.
_TOO_LARGE_CODES: Final = {10334, 17419, 17420}

#: The order in which runs are listed.
NEWEST: Final = (("created_at", -1), ("_id", 1))


class AlreadyResumedError(Exception):
    """Two want to resume one run at the same time: the second is refused."""


class RunTooLargeError(Exception):
    """What is to be kept of a run does not fit into one document of MongoDB (16 MiB)."""

    def __init__(self) -> None:
        """Say so, and what to do about it."""
        super().__init__(
            "a run keeps what it was given in one document of the database, of 16 MiB at most: "
            "store large values, and pass their ids"
        )


@contextmanager
def _fitting() -> Iterator[None]:
    """Raise `RunTooLargeError` where a document is, or would become, too large."""
    try:
        yield
    except DocumentTooLarge as error:  # of the driver, which sends no such command
        raise RunTooLargeError from error
    except OperationFailure as error:
        if error.code not in _TOO_LARGE_CODES:
            raise
        raise RunTooLargeError from error


class RunRecords:
    """The runs of one application; `worker` names the process that works on those it adds."""

    def __init__(self, database: Database, worker: str, lease: float) -> None:
        """Speak of a database; a run without a sign of life for `lease` seconds is lost."""
        self._records: AsyncCollection[Record] = database[COLLECTION]
        self._worker = worker
        self._lease_ms = round(lease * 1000)

    async def prepare(self) -> None:
        """Make the index by which the server forgets old runs, and the one of those that go on."""
        await self._records.create_index("finished_at", expireAfterSeconds=KEPT_SECONDS)
        await self._records.create_index([("state", 1), ("worker", 1)])
        await self._records.create_index([("flow", 1), ("created_at", -1)])
        await self._records.create_index("untold", sparse=True)
        # Whoever resumes a run that somebody else resumes at this moment is told so.
        await self._records.create_index(
            "root",
            unique=True,
            partialFilterExpression={"state": "running", "root": {"$gt": ""}},
        )

    async def add(self, operation: str, owner: str, *, name: str = "", **facts: Any) -> Record:
        """Add a run that begins now, or take over the one of that name.

        Without a name it gets one that cannot be guessed. What is known of it already stays.
        Raises `AlreadyResumedError` and `RunTooLargeError`.
        """
        name = name or secrets.token_urlsafe(18)
        started: Record = {
            **{key: {"$ifNull": [f"${key}", {"$literal": value}]} for key, value in facts.items()},
            "operation": {"$literal": operation},
            "owner": {"$ifNull": ["$owner", {"$literal": owner}]},
            "worker": {"$literal": self._worker},
            "state": "running",
            "cancelling": {"$ifNull": ["$cancelling", False]},
            "created_at": {"$ifNull": ["$created_at", "$$NOW"]},
            "alive_at": "$$NOW",
        }
        # One that is begun again has not ended any more.
        begun: list[Record] = [
            {"$set": started},
            {"$unset": ["finished_at", "result", "problem"]},
        ]
        return await self._upserted(name, begun)

    async def announce(self, name: str, owner: str, **facts: Any) -> Record:
        """Add a run that another process will work on, or does already, and return it.

        Raises `AlreadyResumedError` and `RunTooLargeError`.
        """
        known: Record = {**facts, "owner": owner, "worker": WAITING, "state": "running"}
        started: Record = {
            key: {"$ifNull": [f"${key}", {"$literal": value}]} for key, value in known.items()
        }
        # Who works on it took it for nobody's, if it was faster.
        started["owner"] = {"$literal": owner}
        for moment in ("created_at", "alive_at"):
            started[moment] = {"$ifNull": [f"${moment}", "$$NOW"]}
        started["cancelling"] = {"$ifNull": ["$cancelling", False]}
        return await self._upserted(name, [{"$set": started}])

    async def _upserted(self, name: str, changes: list[Record]) -> Record:
        try:
            with _fitting():
                found = await self._records.find_one_and_update(
                    {"_id": name}, changes, upsert=True, return_document=ReturnDocument.AFTER
                )
        except DuplicateKeyError as error:
            if "root" not in (error.details or {}).get("keyPattern", {}):
                raise
            raise AlreadyResumedError("another run resumes the same one at this moment") from error
        return cast("Record", found)  # an upsert always finds one

    async def settle(self, name: str, state: str) -> Record | None:
        """Say how a run ended whose process cannot say so any more; return the run."""
        facts: Record = {"state": state, "finished_at": "$$NOW"}
        if state == "failed":
            facts["problem"] = {"$literal": LOST}
        await self._records.update_one({"_id": name, "state": "running"}, [{"$set": facts}])
        return await self.find(name)

    async def forgotten(self, record: Record) -> Record | None:
        """Say that Prefect does not know a run any more; return the run.

        It goes on where somebody showed a sign of life since the record was read.
        """
        same = {key: record[key] for key in ("_id", "state", "worker", "alive_at")}
        await self._records.update_one(same, [{"$set": _ended(_FORGOTTEN)}])
        return await self.find(record["_id"])

    async def find(self, name: str, which: Record | None = None) -> Record | None:
        """Return a run, if it meets the condition."""
        return await self._records.find_one({"$and": [{"_id": name}, which or {}]})

    @property
    def codec(self) -> CodecOptions[Record]:
        """How values of these documents are written."""
        return self._records.codec_options

    async def listed(self, which: Record, *, limit: int) -> list[Record]:
        """Return the newest of the runs that meet a condition, without their results."""
        found = self._records.find(which, {"result": 0}).sort(list(NEWEST))
        return [record async for record in found.limit(limit)]

    async def note(self, name: str, changes: Record) -> None:
        """Set fields of a run of this process while it goes on. Raises `RunTooLargeError`."""
        changes = {key: with_stand_ins(value) for key, value in changes.items()}
        with _fitting():
            await self._records.update_one(
                {"_id": name, "worker": self._worker, "state": "running"}, {"$set": changes}
            )

    async def finish(self, name: str, state: str, **values: Any) -> None:
        """Say how a run of this process ended; what was said before counts.

        One whose result is too large to be kept has failed: nobody could ask for it. So has one of
        whose end the driver makes nothing: that is logged. Raises PyMongo's errors.
        """
        if "problem" in values:
            values["problem"] = with_stand_ins(values["problem"])
        try:
            with _fitting():
                await self._finish(name, state, values)
        except RunTooLargeError:
            await self._finish(name, "failed", {"problem": _TOO_LARGE})
        except PyMongoError:
            raise
        except Exception:  # noqa: BLE001 - the run must not go on for ever
            _log.exception("the end of run %s (%s) cannot be stored", name, state)
            await self._finish(name, "failed", {"problem": _NOT_STORED})

    async def _finish(self, name: str, state: str, values: Record) -> None:
        facts = {key: {"$literal": value} for key, value in values.items()}
        await self._records.update_one(
            {"_id": name, "worker": self._worker, "state": "running"},
            [{"$set": {"state": state, "finished_at": "$$NOW", **facts}}],
        )

    async def ask_to_cancel(self, name: str) -> Record | None:
        """Ask whoever works on a run to stop; return the run, `None` where there is none."""
        asked = await self._records.find_one_and_update(
            {"_id": name, "state": "running"},
            {"$set": {"cancelling": True}},
            return_document=ReturnDocument.AFTER,
        )
        return asked or await self.find(name)

    async def alive(self) -> None:
        """Say that this process works on its runs."""
        await self._records.update_many(
            {"worker": self._worker, "state": "running"}, [{"$set": {"alive_at": "$$NOW"}}]
        )

    async def beat(self, name: str) -> bool:
        """Say that this process works on that one run; return whether somebody asked to stop it."""
        found = await self._records.find_one_and_update(
            {"_id": name, "worker": self._worker, "state": "running"},
            [{"$set": {"alive_at": "$$NOW"}}],
            {"cancelling": 1},
        )
        return found is not None and bool(found["cancelling"])

    async def to_cancel(self, names: Iterable[str]) -> list[str]:
        """Return those of these runs that somebody asked to stop."""
        asked = {"_id": {"$in": list(names)}, "state": "running", "cancelling": True}
        return [record["_id"] async for record in self._records.find(asked, {"_id": 1})]

    async def fail_lost(self) -> int:
        """Fail the runs that nobody has worked on for the lease; return how many these were."""
        return await self._fail(_silent(self._lease_ms))

    async def untold(self) -> list[Record]:
        """Return runs of Prefect's that were failed here, and of which it was not told yet."""
        return await self._records.find({"untold": True}, {"state": 1}).to_list()

    async def waiting(self, *, limit: int) -> list[Record]:
        """Return runs that wait for Prefect for longer than the lease, the oldest first."""
        which = {"state": "running", "worker": WAITING, **_silent(self._lease_ms)}
        found = self._records.find(which, {"state": 1, "worker": 1, "alive_at": 1})
        return await found.sort("created_at", 1).limit(limit).to_list()

    async def told(self, name: str) -> None:
        """Remember that Prefect was told how a run ended."""
        await self._records.update_one({"_id": name}, {"$unset": {"untold": ""}})

    async def workers(self) -> list[str]:
        """Return the processes that say they work on runs."""
        return list(await self._records.distinct("worker", {"state": "running"}))

    async def fail_of(self, workers: Collection[str], silent: float = 0) -> int:
        """Fail the runs of these processes, if they were silent for that many seconds."""
        if not workers:
            return 0
        return await self._fail({"worker": {"$in": list(workers)}, **_silent(round(silent * 1000))})

    async def _fail(self, which: Record) -> int:
        ended = {
            **_ended(LOST),
            "untold": {"$cond": [{"$eq": ["$engine", "prefect"]}, True, "$$REMOVE"]},
        }
        nobodys = {"worker": {"$ne": WAITING}}
        done = await self._records.update_many(
            {"$and": [{"state": "running"}, nobodys, which]}, [{"$set": ended}]
        )
        return done.modified_count


def _ended(problem: Record) -> Record:
    """Return how a run ends that cannot say so itself.

    One that was to be stopped was: its process was ended before it could say so.
    """
    return {
        "state": {"$cond": ["$cancelling", "cancelled", "failed"]},
        "problem": {"$cond": ["$cancelling", "$$REMOVE", {"$literal": problem}]},
        "finished_at": "$$NOW",
    }


def _silent(milliseconds: int) -> Record:
    age = {"$subtract": ["$$NOW", "$alive_at"]}
    return {"$expr": {"$gte": [age, milliseconds]}}
