"""Type annotations of documents, taken apart and rewritten: links, ids, optional values."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Callable, Iterator
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from beanie import BackLink, Document, Link
from bson import ObjectId
from pydantic import AliasChoices, AliasPath
from pydantic.fields import FieldInfo

__all__ = [
    "accepted_names",
    "id_type",
    "is_backlink",
    "is_link",
    "is_nullable",
    "link_target",
    "may_hold_link",
    "rewrite",
    "without_none",
]

_UNIONS = (Union, types.UnionType)
_WITHOUT_LINKS = (
    *(bool, int, float, Decimal, str, bytes, types.NoneType, UUID, ObjectId, Enum),
    *(dt.date, dt.time, dt.timedelta),
)


def rewrite(annotation: Any, leaf: Callable[[Any], Any]) -> Any:
    """Return the annotation with `leaf` applied to every type in it, containers kept.

    `leaf` returns its argument for a type that is to stay; the very annotation comes back where
    all of them stay.
    """
    replaced = leaf(annotation)
    origin = get_origin(annotation)
    if replaced is not annotation or origin is None or origin is Literal:
        return replaced
    arguments = get_args(annotation)
    if origin is Annotated:
        inner = rewrite(arguments[0], leaf)
        return annotation if inner is arguments[0] else Annotated[(inner, *arguments[1:])]
    rewritten = tuple(rewrite(argument, leaf) for argument in arguments)
    if all(new is old for new, old in zip(rewritten, arguments, strict=True)):
        return annotation
    return _union(rewritten) if origin in _UNIONS else origin[rewritten]


def without_none(annotation: Any) -> Any:
    """Return the annotation without `Annotated` around it and `None` in it."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) not in _UNIONS:
        return annotation
    rest = tuple(argument for argument in get_args(annotation) if argument is not type(None))
    return without_none(rest[0]) if len(rest) == 1 else _union(rest)


def _union(members: tuple[Any, ...]) -> Any:
    return Union[members]  # noqa: UP007  # `|` does not take a tuple


def is_link(annotation: Any) -> bool:
    """Return whether a `Link` is anywhere in the annotation."""
    return any(get_origin(part) is Link for part in _parts(annotation))


def is_backlink(annotation: Any) -> bool:
    """Return whether a `BackLink` is anywhere in the annotation."""
    return any(get_origin(part) is BackLink for part in _parts(annotation))


def may_hold_link(annotation: Any) -> bool:
    """Return whether a value of the annotation can be, or contain, a link, as far as is known."""
    if get_origin(annotation) is Annotated:
        return may_hold_link(get_args(annotation)[0])
    if arguments := get_args(annotation):
        return get_origin(annotation) is not Literal and any(map(may_hold_link, arguments))
    return not (isinstance(annotation, type) and issubclass(annotation, _WITHOUT_LINKS))


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    if get_origin(annotation) is not Literal:
        for argument in get_args(annotation):
            yield from _parts(argument)


def is_nullable(annotation: Any) -> bool:
    """Return whether `None` is a value of the annotation."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in _UNIONS:
        return any(is_nullable(member) for member in get_args(annotation))
    return annotation in (None, type(None), Any)


def accepted_names(name: str, info: FieldInfo) -> set[str]:
    """Return the keys under which a model accepts a field; a document's `id` is called so."""
    if name == "id":
        return {"id"}
    found = {name}
    choices = info.validation_alias or info.alias
    for choice in choices.choices if isinstance(choices, AliasChoices) else [choices]:
        key = choice.path[0] if isinstance(choice, AliasPath) else choice
        if isinstance(key, str):
            found.add(key)
    return found


def id_type(document: type[Document]) -> Any:
    """Return the type of a document's `id`, `None` taken out of it."""
    return without_none(document.model_fields["id"].annotation)


def link_target(link: Any) -> type[Document]:
    """Return the document that `Link[…]` in a complete class refers to."""
    target: type[Document] = get_args(link)[0]
    return target
