"""Changes of stored documents: all or nothing, on the revision that the client means.

A change reads the document, validates what it would become and writes that only if nobody has
changed the stored one in between; otherwise it begins anew. So no request undoes another's, and
the document's validators hold of what is stored. `If-Match` makes a change one of a certain
revision: where that is gone, the answer is 412.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from beanie import Document
from beanie.odm.utils.dump import get_dict
from fastapi.exceptions import RequestValidationError

from pulpo_base.api.preconditions import Preconditions
from pulpo_base.api.problems import not_found, overtaken, precondition_failed
from pulpo_base.api.store import Store, Stored
from pulpo_base.api.writing import Body

__all__ = ["Changes"]

D = TypeVar("D", bound=Document)
Values = Mapping[str, Any]

_ATTEMPTS = 30
_LONGEST_PAUSE = 0.05


class Changes(Generic[D]):
    """Replaces, patches and deletes the documents of one kind.

    Raises `HTTPException`: 404 where there is none with the id, 412 where the preconditions do
    not hold, 409 where other requests were faster each time. Raises `RequestValidationError`
    for values that the document's class refuses, and `DuplicateKeyError`.
    """

    def __init__(self, label: str, store: Store[D], body: Body[D]) -> None:
        self._label = label
        self._store = store
        self._body = body

    async def replace(self, key: Any, values: Values, conditions: Preconditions) -> Stored[D]:
        """Put these values in place of the stored ones; frozen fields keep theirs."""
        return await self._changed(key, values, conditions, self._replacement, self._store.replace)

    async def patch(self, key: Any, changes: Values, conditions: Preconditions) -> Stored[D]:
        """Change these fields as a merge patch does."""
        return await self._changed(key, changes, conditions, self._patched, self._store.save)

    async def delete(self, key: Any, conditions: Preconditions) -> None:
        """Delete the document."""
        conditional = conditions.if_match is not None or conditions.if_none_match is not None
        for attempt in range(_ATTEMPTS):
            stored = await self.stored(key)
            if not conditions.hold(stored.etag):
                raise precondition_failed(self._label, stored.etag)
            if await self._store.delete(stored, unchanged=conditional):
                return
            await _pause(attempt)
        raise overtaken(self._label)

    async def stored(self, key: Any) -> Stored[D]:
        """Return the stored document."""
        found = await self._store.find(key)
        if found is None:
            raise not_found(self._label)
        return found

    async def _changed(
        self,
        key: Any,
        values: Values,
        conditions: Preconditions,
        become: Callable[[D, Values], D],
        write: Callable[[Stored[D], D], Any],
    ) -> Stored[D]:
        for attempt in range(_ATTEMPTS):
            stored = await self.stored(key)
            if not conditions.hold(stored.etag):
                fields = self._differing(stored.document, values, become)
                raise precondition_failed(self._label, stored.etag, fields)
            written: Stored[D] | None = await write(stored, become(stored.document, values))
            if written is not None:
                return written
            await _pause(attempt)
        raise overtaken(self._label)

    def _replacement(self, stored: D, values: Values) -> D:
        fixed = {name: getattr(stored, name) for name in self._body.fixed}
        document = self._body.validated({**values, **fixed})
        return self._same(stored, document)

    def _patched(self, stored: D, changes: Values) -> D:
        return self._same(stored, self._body.patched(stored, changes))

    def _same(self, stored: D, document: D) -> D:
        document.id, document.revision_id = stored.id, stored.revision_id
        return document

    def _differing(self, stored: D, values: Values, become: Callable[[D, Values], D]) -> list[str]:
        """Return the sent fields whose values are not those that are stored now."""
        try:
            wanted = get_dict(become(stored, values), to_db=True)
        except RequestValidationError:
            return [self._body.shown_name(name) for name in values]
        present = get_dict(stored, to_db=True)
        return [
            self._body.shown_name(name)
            for name in values
            if wanted.get(key := self._body.stored_name(name), ...) != present.get(key, ...)
        ]


async def _pause(attempt: int) -> None:
    longest = min(_LONGEST_PAUSE, 0.001 * 2**attempt)
    await asyncio.sleep(random.uniform(0, longest))  # noqa: S311  # spreads, hides nothing
