"""Changes of stored documents: all or nothing, on the revision that the client means.

A change reads the document, validates what it would become and writes that only if nobody has
changed the stored one in between; otherwise it begins anew. So no request undoes another's, and
the document's validators hold of what is stored. `If-Match` makes a change one of a certain
revision: where that is gone, the answer is 412.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from beanie import Document
from beanie.odm.utils.dump import get_dict
from fastapi import HTTPException
from fastapi.exceptions import RequestValidationError
from pymongo.errors import DuplicateKeyError

from pulpo_base.api.documents.body import Body
from pulpo_base.api.documents.links import check_links
from pulpo_base.api.documents.store import Store, Stored
from pulpo_base.api.http.preconditions import Preconditions
from pulpo_base.api.http.problems import conflict, not_found, overtaken, precondition_failed
from pulpo_base.api.shapes.fields import query_fields
from pulpo_base.api.writes.transactions import How
from pulpo_base.database.storable import NOT_STORABLE

__all__ = ["Changes"]

D = TypeVar("D", bound=Document)
Values = Mapping[str, Any]

_ATTEMPTS = 30
_DIRECTLY = How()
_LONGEST_PAUSE = 0.05


class Changes(Generic[D]):
    """Creates, replaces, patches and deletes the documents of one kind.

    Raises `HTTPException`: 404 where there is none with the id, 409 for a key that is taken or
    where other requests were faster each time, 412 where the preconditions do not hold, 428
    where `require_match` wants one. Raises `RequestValidationError` for values that the
    document's class refuses, and for links to nothing.
    """

    def __init__(
        self, label: str, store: Store[D], body: Body[D], *, require_match: bool = False
    ) -> None:
        self._label = label
        self._store = store
        self._body = body
        self._require_match = require_match
        fields = query_fields(store.document).values()
        self._key_names = {item.path: item.name for item in fields}

    async def create(self, document: D, how: How = _DIRECTLY) -> Stored[D]:
        """Insert a document."""
        try:
            await check_links(document, None, how)
            with self._conflicts():
                return await self._store.insert(document, how)
        except NOT_STORABLE:
            # Encoding it once more beforehand would cost every creation as much as this one.
            self._body.judge(document)
            raise

    async def replace(
        self, key: Any, values: Values, conditions: Preconditions, how: How = _DIRECTLY
    ) -> Stored[D]:
        """Put these values in place of the stored ones; frozen fields keep theirs."""
        return await self._changed(
            key, values, conditions, self._replacement, self._store.replace, how
        )

    async def patch(
        self, key: Any, changes: Values, conditions: Preconditions, how: How = _DIRECTLY
    ) -> Stored[D]:
        """Change these fields as a merge patch does."""
        return await self._changed(key, changes, conditions, self._patched, self._store.save, how)

    async def delete(self, key: Any, conditions: Preconditions, how: How = _DIRECTLY) -> None:
        """Delete the document."""
        self._check_named(conditions)
        conditional = conditions.if_match is not None or conditions.if_none_match is not None
        for attempt in range(_ATTEMPTS):
            stored = await self.stored(key, how)
            if not conditions.hold(stored.etag):
                raise precondition_failed(self._label, stored.etag)
            if await self._store.delete(stored, how, unchanged=conditional):
                return
            await _pause(attempt)
        raise overtaken(self._label)

    async def stored(self, key: Any, how: How = _DIRECTLY) -> Stored[D]:
        """Return the stored document."""
        found = await self._store.find(key, how)
        if found is None:
            raise not_found(self._label)
        return found

    async def _changed(
        self,
        key: Any,
        values: Values,
        conditions: Preconditions,
        become: Callable[[D, Values], D],
        write: Callable[[Stored[D], D, How], Any],
        how: How,
    ) -> Stored[D]:
        self._check_named(conditions)
        for attempt in range(_ATTEMPTS):
            stored = await self.stored(key, how)
            if not conditions.hold(stored.etag):
                fields = self._differing(stored.document, values, become)
                raise precondition_failed(self._label, stored.etag, fields)
            document = become(stored.document, values)
            await check_links(document, stored.document, how)
            with self._conflicts():
                written: Stored[D] | None = await write(stored, document, how)
            if written is not None:
                return written
            await _pause(attempt)
        raise overtaken(self._label)

    def _check_named(self, conditions: Preconditions) -> None:
        if self._require_match and conditions.if_match is None:
            message = f"name the revision of the {self._label} that you mean, with If-Match"
            raise HTTPException(428, message)

    @contextmanager
    def _conflicts(self) -> Iterator[None]:
        try:
            yield
        except DuplicateKeyError as error:
            raise conflict(self._label, error, self._key_names) from error

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
