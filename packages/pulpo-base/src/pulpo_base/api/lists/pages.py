"""Pages of documents: one query for a page, one more only where its total is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from beanie import Document
from fastapi import HTTPException
from pydantic import BaseModel, create_model
from pydantic_core import to_json
from pymongo.errors import ExecutionTimeout
from starlette.responses import Response

from pulpo_base.api.documents.store import Store
from pulpo_base.api.http.responses import answer
from pulpo_base.api.lists.cursors import after, cursor_at
from pulpo_base.api.lists.expansion import expanded
from pulpo_base.api.lists.query import ListQuery
from pulpo_base.api.lists.selection import Selection, pruned
from pulpo_base.api.shapes.fields import query_fields
from pulpo_base.api.shapes.output import read_model

__all__ = ["Pages", "page_models", "selected"]

D = TypeVar("D", bound=Document)
Plain = dict[str, Any]

#: What a list may cost the database, in milliseconds.
_MAX_TIME_MS = 10_000


class Pages(Generic[D]):
    """The pages of the documents in one store."""

    def __init__(self, store: Store[D]) -> None:
        self._store = store
        fields = query_fields(store.document).values()
        self._mixed = frozenset(item.path for item in fields if item.is_mixed)

    async def page(self, query: ListQuery) -> Response:
        """Answer with a page.

        `total` is there where it was asked for, or where the page shows it anyway: it is the
        last one, and others were counted. Raises `HTTPException` (503) where it takes too long.
        """
        condition = query.filter
        if query.after is not None:
            beyond = after(query.after, query.sort, self._store.options, self._mixed)
            condition = {"$and": [condition, beyond]} if condition else beyond
        try:
            found = await self._found(condition, query)
            more = len(found) > query.page_size
            found = found[: query.page_size]
            total = await self._total(query, len(found), more=more)
        except ExecutionTimeout as error:
            message = "the database took too long; narrow the list, or use an indexed field"
            raise HTTPException(503, message) from error
        rest: dict[str, Any] = {
            "total": total,
            "page": None if query.after is not None else query.page,
            "page_size": query.page_size,
            "next": cursor_at(found[-1], query.sort, self._store.options) if more else None,
        }
        if query.selection:
            items = await selected(self._store.representation.plain_list(found), query.selection)
            return answer({"items": items, **rest})
        return answer(
            b'{"items":' + self._store.representation.json_list(found) + b"," + to_json(rest)[1:]
        )

    async def count(self, query: ListQuery) -> int:
        """Return how many documents fit. Raises `HTTPException` (503) where it takes too long."""
        try:
            return await self._store.count(query.filter, max_time_ms=_MAX_TIME_MS)
        except ExecutionTimeout as error:
            raise HTTPException(503, "the database took too long; narrow the list") from error

    async def _found(self, condition: dict[str, Any], query: ListQuery) -> list[dict[str, Any]]:
        # One more than wanted, to know whether there are more.
        return await self._store.some(
            condition,
            sort=query.sort,
            skip=0 if query.after is not None else query.skip,
            limit=query.page_size + 1,
            max_time_ms=_MAX_TIME_MS,
        )

    async def _total(self, query: ListQuery, shown: int, *, more: bool) -> int | None:
        is_known = query.after is None and not more and (shown > 0 or query.page == 1)
        if is_known:
            return query.skip + shown
        if not query.with_total:
            return None
        return await self._store.count(query.filter, max_time_ms=_MAX_TIME_MS)


async def selected(items: Sequence[Plain], selection: Selection) -> list[Plain]:
    """Return the wanted parts of documents that are JSON values, links followed."""
    await expanded(items, selection.expand)
    pruned_items: list[Plain] = pruned(items, selection.fields)
    return pruned_items


def page_models(document: type[Document]) -> tuple[type[BaseModel], type[BaseModel]]:
    """Return the models of a page: one of whole documents, one for `fields` and `expand`."""
    facts: dict[str, Any] = {
        "total": (int | None, ...),
        "page": (int | None, ...),
        "page_size": (int, ...),
        "next": (str | None, ...),
    }
    text = (
        "`page` counts from 1, `total` is that of all pages where it is known, `next` is the "
        "cursor (`after`) of the page behind this one."
    )
    read = read_model(document)
    whole = create_model(
        f"{document.__name__}Page",
        __doc__=f"One page of a list; {text}",
        __module__=document.__module__,
        items=(list[read], ...),  # type: ignore[valid-type]
        **facts,
    )
    parts = create_model(
        f"{document.__name__}Selection",
        __doc__=f"One page of a list, with the wanted fields and links followed; {text}",
        __module__=document.__module__,
        items=(list[dict[str, Any]], ...),
        **facts,
    )
    return whole, parts
