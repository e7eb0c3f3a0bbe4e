"""What finished steps of flow runs returned, by the key of the step, in `pulpo_outputs`."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Final

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DocumentTooLarge

from pulpo_base.runs.records import KEPT_SECONDS, Database, Record

__all__ = ["OUTPUTS", "RunOutputs"]

OUTPUTS: Final = "pulpo_outputs"


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

    async def keep(self, key: str, operation: str, text: str) -> None:
        """Keep an output; what is kept already stays. One that is too long is not kept."""
        kept = {"operation": operation, "text": text, "at": dt.datetime.now(dt.UTC)}
        with suppress(DocumentTooLarge):
            await self._outputs.update_one({"_id": key}, {"$setOnInsert": kept}, upsert=True)
