"""Links of a document that is about to be written: each has to refer to a document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from beanie import Document, Link
from pydantic import BaseModel

from pulpo_base.api.documents.store import store_of
from pulpo_base.api.http.problems import invalid
from pulpo_base.api.shapes.annotations import is_backlink, may_hold_link
from pulpo_base.api.writes.transactions import How
from pulpo_base.database.storable import is_storable

__all__ = ["check_links"]

Place = tuple[str | int, ...]
#: Whom a link refers to: the class and the id, as text to be comparable.
Target = tuple[type[Document], str]


async def check_links(document: Document, before: Document | None, how: How) -> None:
    """Look up whom the links of a document refer to, with one query for each class.

    Links that the document had `before` are not looked up: they may have outlived their target,
    and a change of something else must not fail for it. Raises `RequestValidationError`.
    """
    known = {target for _, target, _ in _links(before, ())} if before is not None else set()
    new = [item for item in _links(document, ()) if item[1] not in known]
    ids: dict[type[Document], dict[str, Any]] = defaultdict(dict)
    for _, (cls, text), key in new:
        if is_storable(key):
            ids[cls][text] = key
    found: set[Target] = set()
    for cls, keys in ids.items():
        present = await store_of(cls).ids(list(keys.values()), how)
        found |= {(cls, repr(key)) for key in present}
    findings = [
        ("link", ("body", *place), f"there is no {target[0].__name__} with this id")
        for place, target, _ in new
        if target not in found
    ]
    if findings:
        raise invalid(findings)


@cache
def _linking(cls: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """Return the fields of a class that may hold links, each with the name that clients know."""
    return tuple(
        (name, info.alias or name)
        for name, info in cls.model_fields.items()
        if may_hold_link(info.annotation) and not is_backlink(info.annotation)
    )


def _links(value: Any, place: Place) -> Iterator[tuple[Place, Target, Any]]:
    match value:
        case Link():
            cls: type[Document] = value.document_class
            yield place, (cls, repr(value.ref.id)), value.ref.id
        case BaseModel():
            for name, shown in _linking(type(value)):
                yield from _links(getattr(value, name), (*place, shown))
        case list() | tuple():
            for position, item in enumerate(value):
                yield from _links(item, (*place, position))
        case dict():
            for name, item in value.items():
                yield from _links(item, (*place, str(name)))
