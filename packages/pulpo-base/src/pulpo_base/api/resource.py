"""`Resource`: list, get, create, replace, patch and delete for one kind of document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, TypeVar, cast

import bson
from beanie import Document
from beanie.exceptions import DocumentNotFound, RevisionIdWasChanged
from beanie.odm.actions import EventTypes, wrap_with_actions
from beanie.odm.utils.dump import get_dict
from beanie.odm.utils.parsing import parse_obj
from beanie.odm.utils.self_validation import validate_self_before
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions
from fastapi import HTTPException
from pydantic import BaseModel, create_model
from pymongo.errors import DuplicateKeyError
from starlette.requests import Request

from pulpo_base.api.fields import query_fields
from pulpo_base.api.problems import conflict
from pulpo_base.api.query import ListQuery, QueryReader
from pulpo_base.api.reading import present, read_model
from pulpo_base.api.storable import is_storable
from pulpo_base.api.writing import Body, body_dependency
from pulpo_base.decorators import spec_of

__all__ = ["Resource"]

D = TypeVar("D", bound=Document)

#: How `pulpo_base.database.connected` reads times and UUIDs.
_AS_CONNECTED: CodecOptions[dict[str, Any]] = CodecOptions(
    tz_aware=True, uuid_representation=UuidRepresentation.STANDARD
)


class Resource(Generic[D]):
    """The six ways to work with one kind of document over HTTP.

    The models `Read`, `Create`, `Replace`, `Patch` and `Page` describe what goes in and out.
    `new`, `replacement`, `changes` and `query` are FastAPI dependencies that read requests; what
    they return goes to the method that does the work. All rules of the document class hold:
    its validators run on every write, its event handlers as well.

    Errors leave as `RequestValidationError` (422) and `HTTPException`: 404 for an unknown id,
    409 for a key that is taken or a document that another request changed meanwhile. PyMongo's
    errors pass through.
    """

    def __init__(self, document: type[D], *, page_size: int = 20, max_page_size: int = 100) -> None:
        self.document = document
        spec = spec_of(document)
        self.label = spec.name if spec else document.__name__
        body = Body(document)
        reader = QueryReader(document, page_size, max_page_size)
        self.Read = read_model(document)
        self.Create, self.Replace, self.Patch = body.Create, body.Replace, body.Patch
        self.Page = _page_model(self.Read, document)
        self.new = body_dependency(self.Create, body.new)
        self.replacement = body_dependency(self.Replace, body.replacement)
        self.changes = body_dependency(self.Patch, body.changes)
        self.list_openapi: dict[str, Any] = {"parameters": reader.parameters}
        self._body = body
        self._reader = reader
        self._key_names = {item.path: item.name for item in query_fields(document).values()}

    async def query(self, request: Request) -> ListQuery:
        """Return what a list request asks for; a dependency."""
        return self._reader.read(request)

    async def list(self, query: ListQuery) -> BaseModel:
        """Return a `Page`: the documents, how many fit in all, and which page this is."""
        found = self.document.find(query.filter)
        total = await found.count()
        page = found.sort([*query.sort]).skip(query.skip).limit(query.page_size)
        items = [present(document) for document in await page.to_list()]
        return self.Page.model_construct(
            items=items, total=total, page=query.page, page_size=query.page_size
        )

    async def get(self, id: Any) -> BaseModel:  # noqa: A002  # the field's name
        """Return the document with that id as `Read`."""
        return self._read(await self._stored(id))

    async def create(self, document: D) -> BaseModel:
        """Insert a document and return it, with its id, as `Read`."""
        with self._conflicts():
            await document.insert()
        return self._written(document)

    async def replace(self, id: Any, values: Mapping[str, Any]) -> BaseModel:  # noqa: A002
        """Put these values in place of the stored ones; what is left out gets its default.

        Frozen fields keep their stored values.
        """
        stored = await self._stored(id)
        fixed = {name: getattr(stored, name) for name in self._body.fixed}
        document = self._body.validated({**values, **fixed})
        document.id, document.revision_id = stored.id, stored.revision_id
        with self._conflicts():
            await document.replace()
        return self._written(document)

    async def patch(self, id: Any, changes: Mapping[str, Any]) -> BaseModel:  # noqa: A002
        """Change these fields, after the document as a whole has been validated with them.

        Only what differs is written, so that requests on different fields do not undo each
        other. Nested objects and lists are replaced whole.
        """
        stored = await self._stored(id)
        document = self._body.validated({**_values(stored), **changes})
        document.id, document.revision_id = stored.id, stored.revision_id
        before = get_dict(stored, to_db=True)
        with self._conflicts():
            try:
                await _save_changes(document, before)
            except AttributeError:
                # Beanie cannot take in the answer where the document was deleted meanwhile.
                await self._stored(id)
                raise
        return self._written(document)

    async def delete(self, id: Any) -> None:  # noqa: A002
        """Delete the document with that id."""
        document = await self._stored(id)
        await document.delete()

    async def _stored(self, key: Any) -> D:
        # An id that cannot be stored belongs to no document.
        found = await self.document.get(key) if is_storable(key) else None
        if found is None:
            raise self._not_found()
        return found

    def _written(self, document: D) -> BaseModel:
        """Return a document as a later read will find it: the database keeps milliseconds only."""
        sent = bson.encode(get_dict(document, to_db=True), codec_options=_AS_CONNECTED)
        stored = parse_obj(self.document, bson.decode(sent, _AS_CONNECTED))
        return self._read(cast("D", stored))

    def _read(self, document: D) -> BaseModel:
        shown: BaseModel = present(document)
        return shown

    def _not_found(self) -> HTTPException:
        return HTTPException(404, f"there is no {self.label} with this id")

    @contextmanager
    def _conflicts(self) -> Iterator[None]:
        try:
            yield
        except DuplicateKeyError as error:
            raise conflict(self.label, error, self._key_names) from error
        except RevisionIdWasChanged as error:
            message = f"this {self.label} was changed by another request; read it again"
            raise HTTPException(409, message) from error
        except DocumentNotFound as error:
            raise self._not_found() from error


@validate_self_before
@wrap_with_actions(EventTypes.SAVE)
async def _save_changes(document: Document, before: Mapping[str, Any]) -> None:
    """Write what differs from `before`, the stored form; the events are those of `save`."""
    after = get_dict(document, to_db=True, keep_nulls=document.get_settings().keep_nulls)
    written = {key: value for key, value in after.items() if before.get(key, ...) != value}
    gone = dict.fromkeys(before.keys() - after.keys(), "")
    updates = {"$set": written, "$unset": gone}
    for fields in updates.values():
        fields.pop("_id", None)
        fields.pop("revision_id", None)
    changes = [{operator: fields} for operator, fields in updates.items() if fields]
    if changes:
        await document.update(*changes)


def _values(document: Document) -> dict[str, Any]:
    back_links = {
        name
        for name, link in (document.get_link_fields() or {}).items()
        if link.link_type.value.startswith(("BACK", "OPTIONAL_BACK"))
    }
    extra = document.__pydantic_extra__ or {}
    fields = type(document).model_fields.keys() - back_links
    return {**extra, **{name: getattr(document, name) for name in fields}}


def _page_model(read: type[BaseModel], document: type[Document]) -> type[BaseModel]:
    return create_model(
        f"{document.__name__}Page",
        __doc__="One page of a list; `page` counts from 1, `total` is that of all pages.",
        __module__=document.__module__,
        items=(list[read], ...),  # type: ignore[valid-type]
        total=(int, ...),
        page=(int, ...),
        page_size=(int, ...),
    )
