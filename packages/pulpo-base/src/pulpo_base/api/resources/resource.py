"""`Resource`: everything that the API can do with one kind of document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from beanie import Document
from starlette.requests import Request
from starlette.responses import Response

from pulpo_base.api.documents.body import Body
from pulpo_base.api.documents.changes import Changes
from pulpo_base.api.documents.store import Stored, store_of
from pulpo_base.api.http.json_body import JsonBody, as_it_is
from pulpo_base.api.http.parameters import given_options, is_rehearsal
from pulpo_base.api.http.preconditions import Preconditions
from pulpo_base.api.http.problems import not_found, precondition_failed
from pulpo_base.api.http.responses import answer, not_modified
from pulpo_base.api.lists.export import exported
from pulpo_base.api.lists.pages import Pages, page_models, selected
from pulpo_base.api.lists.query import ListQuery, QueryReader
from pulpo_base.api.lists.selection import selection
from pulpo_base.api.resources.bulk import Bulk, BulkModels, BulkResult
from pulpo_base.api.resources.routes import Models, Routes
from pulpo_base.api.security.permissions import may_read, permissions_of
from pulpo_base.api.shapes.fields import query_fields
from pulpo_base.api.shapes.output import read_model
from pulpo_base.api.writes.idempotency import HEADER, once
from pulpo_base.api.writes.transactions import How, rehearsed
from pulpo_base.decorators import spec_of

__all__ = ["Resource"]

D = TypeVar("D", bound=Document)
Items = Sequence[Any]

#: Seconds after which a request of many items with a key is taken for dead.
_LONGEST_BULK = 3_600.0


class Resource(Generic[D]):
    """The ways to work with one kind of document over HTTP.

    The models `Read`, `Create`, `Replace`, `Patch` and `Page` describe what goes in and out,
    `routes` has the options of FastAPI's routes (`problems` documents the errors), `allowed` what
    lists may be filtered and sorted by, `fixed` names what cannot be changed. `new`,
    `replacement`, `changes` and `query` are FastAPI dependencies that read requests; what they
    return goes to the method that does the work, which reads the request's headers itself and
    answers it. All rules of the document class hold: its validators run on every write, its
    event handlers as well.

    Errors leave as `RequestValidationError` (422) and `HTTPException`: 404 for an unknown id,
    409 for a key that is taken, 412 for a revision that is not the one of `If-Match`, 428 with
    `require_match` for a change that names none. PyMongo's errors pass through.
    """

    def __init__(
        self,
        document: type[D],
        *,
        page_size: int = 20,
        max_page_size: int = 100,
        require_match: bool = False,
        problems: Callable[..., Mapping[int | str, dict[str, Any]]] | None = None,
    ) -> None:
        self.document = document
        spec = spec_of(document)
        self.label = spec.name if spec else document.__name__
        body = Body(document)
        reader = QueryReader(document, page_size, max_page_size)
        self.Read = read_model(document)
        self.Create, self.Replace, self.Patch = body.Create, body.Replace, body.Patch
        self.Page, parts = page_models(document)
        self.new = JsonBody(self.Create, body.new)
        self.replacement = JsonBody(self.Replace, body.replacement)
        self.changes = JsonBody(self.Patch, body.changes)
        bulk = BulkModels(document, body)
        self.creations = JsonBody(bulk.Create, as_it_is, list)
        self.patches = JsonBody(bulk.Patch, as_it_is, list)
        self.deletions = JsonBody(bulk.Delete, as_it_is, list)
        self.routes = Routes(
            Models(self.Read, self.Patch, self.Page, parts),
            reader.parameters,
            problems=problems,
            require_match=require_match,
            **permissions_of(document),
        )
        self.allowed = reader.allowed
        self.fixed = frozenset(map(body.shown_name, body.fixed))
        self.page_size, self.max_page_size = page_size, max_page_size
        self._reader = reader
        self._links = {
            key: (item.path, item.target)
            for key, item in query_fields(document).items()
            if item.target is not None
        }
        self._store = store_of(document)
        self._pages = Pages(self._store)
        self._changes = Changes(self.label, self._store, body, require_match=require_match)
        self._bulk = Bulk(self._store, body, self._changes)

    async def query(self, request: Request) -> ListQuery:
        """Return what a list request asks for; a dependency."""
        return self._reader.read(request)

    async def list(self, query: ListQuery) -> Response:
        """Answer with a `Page` of the documents that fit, or with the wanted parts of them."""
        return await self._pages.page(query)

    async def list_related(self, field: str, id: Any, query: ListQuery) -> Response:  # noqa: A002
        """Answer with a page of the documents whose link `field` refers to the one with this id.

        Raises `HTTPException`: 404 where there is no such document to refer to, 403 where the
        client may not know.
        """
        path, target = self._links[field]
        may_read(target)
        other = await store_of(target).find(id)
        if other is None:
            raise not_found(target.__name__)
        refers = {path: other.document.id}
        combined = {"$and": [refers, query.filter]} if query.filter else refers
        return await self._pages.page(replace(query, filter=combined))

    async def count(self, query: ListQuery) -> Response:
        """Answer with the number of documents that fit."""
        return answer({"count": await self._pages.count(query)})

    async def get(self, id: Any, request: Request) -> Response:  # noqa: A002  # the field's name
        """Answer with the document with that id as `Read`; 304 where the client has it.

        With `fields` or `expand` in the URL, only parts of it, or others in it.
        """
        conditions = Preconditions.of(request.headers)
        options = given_options(request, "fields", "expand")
        wanted = selection(self.document, options.get("fields"), options.get("expand"))
        stored = await self._changes.stored(id)
        if conditions.if_match and not conditions.if_match.match_strongly(stored.etag):
            raise precondition_failed(self.label, stored.etag)
        if conditions.is_current(stored.etag) and not wanted.expand:
            return not_modified(stored.etag)
        if not wanted:
            return self._answer(stored)
        (parts,) = await selected([self._store.representation.plain(stored.values)], wanted)
        # What stands in the place of a link has a revision of its own.
        return answer(parts, etag=None if wanted.expand else stored.etag)

    async def create(self, document: D, request: Request) -> Response:
        """Insert a document and answer with it, with its id, as `Read`."""
        # With a key, a transaction may be tried again: event handlers then find what was sent.
        repeats = HEADER in request.headers and not is_rehearsal(request)
        as_sent = deepcopy(document.__getstate__()) if repeats else None

        async def act(how: How) -> Response:
            if as_sent is not None:
                document.__setstate__(deepcopy(as_sent))
            stored = await self._changes.create(document, how)
            if how.rehearsal:
                return self._answer(stored)
            place = f"{request.url.path}/{quote(str(stored.values['_id']), safe='')}"
            return self._answer(stored, 201, {"Location": place})

        if repeats:
            return await once(self._store.database, request, act)
        return await self._done(request, act)

    async def replace(
        self,
        id: Any,  # noqa: A002
        values: Mapping[str, Any],
        request: Request,
    ) -> Response:
        """Put these values in place of the stored ones; what is left out gets its default.

        Frozen fields keep their stored values.
        """
        conditions = Preconditions.of(request.headers)

        async def act(how: How) -> Response:
            return self._answer(await self._changes.replace(id, values, conditions, how))

        return await self._done(request, act)

    async def patch(
        self,
        id: Any,  # noqa: A002
        changes: Mapping[str, Any],
        request: Request,
    ) -> Response:
        """Merge these changes in (RFC 7396), after the document has been validated with them."""
        conditions = Preconditions.of(request.headers)

        async def act(how: How) -> Response:
            return self._answer(await self._changes.patch(id, changes, conditions, how))

        return await self._done(request, act)

    async def delete(self, id: Any, request: Request) -> Response:  # noqa: A002
        """Delete the document with that id."""
        conditions = Preconditions.of(request.headers)

        async def act(how: How) -> Response:
            await self._changes.delete(id, conditions, how)
            return Response(status_code=204)

        return await self._done(request, act)

    async def _done(self, request: Request, act: Callable[[How], Awaitable[Response]]) -> Response:
        """Do a write, or only try it where the URL says `validate_only=true`."""
        if not is_rehearsal(request):
            return await act(How())
        response = await rehearsed(self._store.database, act)
        # There is no such revision: nothing was stored.
        del response.headers["etag"]
        return response

    async def bulk_create(self, items: Items, request: Request) -> Response:
        """Insert documents; answer with a `BulkResult`: what became of each."""
        return await self._all(self._bulk.create, items, request)

    async def bulk_patch(self, items: Items, request: Request) -> Response:
        """Patch documents; answer with a `BulkResult`: what became of each."""
        return await self._all(self._bulk.patch, items, request)

    async def bulk_delete(self, items: Items, request: Request) -> Response:
        """Delete documents; answer with a `BulkResult`: what became of each."""
        return await self._all(self._bulk.delete, items, request)

    async def _all(
        self, work: Callable[..., Awaitable[BulkResult]], items: Items, request: Request
    ) -> Response:
        rehearsal = is_rehearsal(request)

        async def act(_how: How) -> Response:
            return answer(await work(items, rehearsal=rehearsal))

        if HEADER in request.headers and not rehearsal:
            # Each item is written by itself, so its answer cannot be one transaction with them.
            database = self._store.database
            return await once(database, request, act, lease=_LONGEST_BULK, joined=False)
        return await act(How())

    async def export(self, request: Request) -> Response:
        """Answer with all documents that fit, as a stream of CSV or JSON lines."""
        query, form = self._reader.read_export(request)
        return await exported(self._store, query, form, self.document.get_collection_name())

    def _answer(
        self, stored: Stored[D], status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Response:
        return answer(stored.json, status=status, etag=stored.etag, headers=headers)
