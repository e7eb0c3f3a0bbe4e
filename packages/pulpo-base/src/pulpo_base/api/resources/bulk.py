"""Many changes in one request: each done or refused by itself, with a result of its own."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from beanie import Document
from fastapi import HTTPException
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, create_model
from pymongo.errors import ConnectionFailure, PyMongoError
from starlette.datastructures import Headers

from pulpo_base.api.documents.body import Body
from pulpo_base.api.documents.changes import Changes
from pulpo_base.api.documents.store import Store, Stored
from pulpo_base.api.http.preconditions import Preconditions
from pulpo_base.api.http.problems import invalid, pointer
from pulpo_base.api.writes.transactions import How, rehearsed
from pulpo_base.database.storable import NOT_STORABLE

__all__ = ["Bulk", "BulkModels", "BulkResult"]

D = TypeVar("D", bound=Document)

MAX_ITEMS = 1_000

_log = logging.getLogger(__name__)
_AWAY = "the database went away: whether this was done is not known"
_NOT_TRIED = "the database went away at an item before this one, so this one was not tried"

One = Callable[[Any, How], Awaitable["BulkItem"]]


class BulkItem(BaseModel):
    """What became of one item: `problem` says why nothing did."""

    status: int = Field(description="The status that a request for this item alone would have.")
    id: Any = None
    etag: str | None = None
    document: dict[str, Any] | None = None
    problem: dict[str, Any] | None = None


class BulkResult(BaseModel):
    """What became of each item, in their order."""

    results: list[BulkItem]
    succeeded: int
    failed: int


class BulkModels(Generic[D]):
    """The models of the bodies; each is a list of at most `MAX_ITEMS`."""

    def __init__(self, document: type[D], body: Body[D]) -> None:
        name, module = document.__name__, document.__module__
        match: Any = (str | None, Field(None, description="The ETag that has to be current."))
        identity: Any = (Any, Field(description="The id of the document."))
        self.Create: Any = list[body.Create]  # type: ignore[name-defined]
        patch = create_model(
            f"{name}BulkPatch",
            __doc__="A merge patch of one document.",
            __module__=module,
            id=identity,
            changes=(body.Patch, ...),
            if_match=match,
        )
        delete = create_model(
            f"{name}BulkDelete",
            __doc__="The deletion of one document.",
            __module__=module,
            id=identity,
            if_match=match,
        )
        self.Patch: Any = list[patch]
        self.Delete: Any = list[delete]


class Bulk(Generic[D]):
    """Creates, patches and deletes many documents of one kind, one after the other.

    With `rehearsal`, each is only tried, by itself. An item that the database refuses has that
    for its problem. Where the database goes away at one, those behind it are not tried; at the
    first, PyMongo's error passes through.
    """

    def __init__(self, store: Store[D], body: Body[D], changes: Changes[D]) -> None:
        self._store = store
        self._body = body
        self._changes = changes

    async def create(self, items: Sequence[Any], *, rehearsal: bool) -> BulkResult:
        """Insert each; the items are bodies as `create` takes them."""

        async def one(item: Any, how: How) -> BulkItem:
            document = self._body.new(_as_object(item))
            stored = await self._changes.create(document, how)
            return self._told(stored, 200 if rehearsal else 201)

        return await self._result(items, one, rehearsal=rehearsal)

    async def patch(self, items: Sequence[Any], *, rehearsal: bool) -> BulkResult:
        """Patch each; an item has `id`, `changes` and, where it means a revision, `if_match`."""

        async def one(item: Any, how: How) -> BulkItem:
            key, conditions = _addressed(item, "changes")
            changes = self._body.changes(_as_object(item.get("changes"), "changes"))
            return self._told(await self._changes.patch(key, changes, conditions, how), 200)

        return await self._result(items, one, rehearsal=rehearsal)

    async def delete(self, items: Sequence[Any], *, rehearsal: bool) -> BulkResult:
        """Delete each; an item has `id` and, where it means a revision, `if_match`."""

        async def one(item: Any, how: How) -> BulkItem:
            key, conditions = _addressed(item)
            await self._changes.delete(key, conditions, how)
            return BulkItem(status=204, id=key)

        return await self._result(items, one, rehearsal=rehearsal)

    def _told(self, stored: Stored[D], status: int) -> BulkItem:
        shown = self._store.representation.plain(stored.values)
        return BulkItem(status=status, id=shown["id"], etag=stored.etag, document=shown)

    async def _result(self, items: Sequence[Any], one: One, *, rehearsal: bool) -> BulkResult:
        if len(items) > MAX_ITEMS:
            raise invalid([("too_long", ("body",), f"give at most {MAX_ITEMS} items")])
        results: list[BulkItem] = []
        for item in items:
            try:
                if rehearsal:
                    work = rehearsed(self._store.database, partial(one, item))
                    result = (await _outcome(item, work)).model_copy(update={"etag": None})
                else:
                    result = await _outcome(item, one(item, How()))
            except PyMongoError as error:
                if not results:
                    raise
                _log.warning("the database went away at item %d: %s", len(results), error)
                results.append(_refused(item, _problem(503, _AWAY)))
                rest = items[len(results) :]
                results += [_refused(one, _problem(503, _NOT_TRIED)) for one in rest]
                break
            results.append(result)
        failed = sum(result.problem is not None for result in results)
        return BulkResult(results=results, succeeded=len(results) - failed, failed=failed)


def _as_object(value: Any, *place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise invalid([("dict_type", ("body", *place), "give an object")])
    return value


def _addressed(item: Any, *more: str) -> tuple[Any, Preconditions]:
    fields = _as_object(item)
    for name in fields.keys() - {"id", "if_match", *more}:
        message = f"there is no field {name!r:.60}"
        raise invalid([("extra_forbidden", ("body", name), message)])
    if "id" not in fields:
        raise invalid([("missing", ("body", "id"), "say which document is meant")])
    tag = fields.get("if_match")
    if tag is None:
        return fields["id"], Preconditions()
    if not isinstance(tag, str) or not tag.isascii():  # a header could not hold it
        raise invalid([("string_type", ("body", "if_match"), "give an ETag")])
    return fields["id"], Preconditions.of(Headers({"If-Match": tag}))


async def _outcome(item: Any, work: Awaitable[BulkItem]) -> BulkItem:
    try:
        return await work
    except RequestValidationError as error:
        problem = _problem(422, "this item does not fit its schema", _entries(error))
    except HTTPException as error:
        detail: Any = error.detail
        members = detail if isinstance(detail, dict) else {"detail": detail}
        problem = _problem(
            error.status_code, str(members.get("detail")), members.get("errors"), error.headers
        )
    except (PyMongoError, *NOT_STORABLE) as error:
        if isinstance(error, ConnectionFailure) or getattr(error, "timeout", False):
            raise  # of all items, and not of this one
        _log.exception("the database refused an item")
        problem = _problem(500, "the database refused this item")
    return _refused(item, problem)


def _refused(item: Any, problem: dict[str, Any]) -> BulkItem:
    identity = item.get("id") if isinstance(item, dict) else None
    return BulkItem(status=problem["status"], id=identity, problem=problem)


def _problem(status: int, detail: str, errors: Any = None, headers: Any = None) -> dict[str, Any]:
    """Return a problem document (RFC 9457) for one item."""
    found: dict[str, Any] = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    if errors:
        found["errors"] = errors
    if headers and "ETag" in headers:
        found["etag"] = headers["ETag"]
    return found


def _entries(error: RequestValidationError) -> list[dict[str, str]]:
    return [
        {
            "pointer": pointer(*item["loc"][1:]),
            "in": "body",
            "detail": item["msg"],
            "code": item["type"],
        }
        for item in error.errors()
    ]
