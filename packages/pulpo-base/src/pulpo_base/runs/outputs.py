"""What finished steps of flow runs returned, by the key of the step, in `pulpo_outputs`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError

from pulpo_base.runs.kept import KeptText
from pulpo_base.runs.records import KEPT_SECONDS, Database, Record

__all__ = ["OUTPUTS", "RunOutputs"]

OUTPUTS: Final = "pulpo_outputs"
#: Bytes of text that fit into a document of 16 MiB with what is kept beside it.
_LONGEST: Final = 15 * 1024 * 1024
_DUPLICATE_KEY: Final = 11000


class RunOutputs:
    """The kept outputs of one application: an `OutputStore` of flows."""

    def __init__(self, database: Database) -> None:
        """Speak of a database."""
        self._outputs: AsyncCollection[Record] = database[OUTPUTS]

    async def prepare(self) -> None:
        """Make the index by which the server forgets old outputs."""
        await self._outputs.create_index("at", expireAfterSeconds=KEPT_SECONDS)

    async def find(self, key: str) -> str | None:
        """Return the text kept under a key, `None` where there is none."""
        found = await self._outputs.find_one({"_id": key}, {"text": 1})
        return None if found is None else str(found["text"])

    async def forget(self, key: str) -> None:
        """Keep an output no longer."""
        await self._outputs.delete_one({"_id": key})

    async def keep(self, outputs: Sequence[KeptText]) -> None:
        """Keep outputs; what is kept already stays. One that is too long is not kept."""
        now = dt.datetime.now(dt.UTC)
        kept = [
            {"_id": one.key, "operation": one.operation, "text": one.text, "at": now}
            for one in outputs
            if len(one.text.encode()) <= _LONGEST
        ]
        if not kept:
            return
        try:
            await self._outputs.insert_many(kept, ordered=False)
        except BulkWriteError as error:
            found = error.details["writeErrors"] if error.details else []
            if not found or any(one["code"] != _DUPLICATE_KEY for one in found):
                raise
