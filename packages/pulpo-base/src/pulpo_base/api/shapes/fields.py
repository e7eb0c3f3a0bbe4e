"""Which fields of a document lists can be filtered and sorted by, and how each is compared."""

from __future__ import annotations

import datetime as dt
import enum
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

from beanie import Document, Link
from bson import ObjectId
from pydantic import BaseModel, EmailStr, RootModel, TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_core import Url

from pulpo_base.api.shapes.annotations import id_type, is_backlink, link_target, without_none
from pulpo_base.database.completion import complete

__all__ = ["QueryField", "query_fields"]

_LISTS = (list, set, frozenset, tuple)
_ORDERED = (int, float, Decimal, dt.date, dt.timedelta, ObjectId)
_COMPARED = (
    bool,
    UUID,
    ipaddress.IPv4Address,
    ipaddress.IPv6Address,
)
#: Types whose values MongoDB compares with each other.
_ALIKE: tuple[tuple[type, ...], ...] = ((str, EmailStr), (int, float, Decimal))
_MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class QueryField:
    """A field that a list can be asked about.

    `name` is what clients write (`address.city`), `path` where MongoDB keeps the values
    (`customer.$id`), `adapter` reads a value from text. `is_list` marks fields of several
    values, of which one has to fit. `target` is the class that a link refers to. `is_mixed` is
    whether MongoDB may keep values of several types that it does not compare with each other.
    """

    name: str
    path: str
    adapter: TypeAdapter[Any]
    is_text: bool = False
    is_ordered: bool = False
    is_list: bool = False
    target: type[Document] | None = None
    is_mixed: bool = False


def query_fields(document: type[Document]) -> dict[str, QueryField]:
    """Return the fields of a document that can be compared with a text, by Python name.

    Nested models contribute theirs under a dotted name. Free mappings, binary and secret values
    have none.
    """
    return dict(_fields(document, _Place()))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a field is found: by Python name, as clients write it, in MongoDB."""

    key: str = ""
    name: str = ""
    path: str = ""
    depth: int = 0
    in_list: bool = False

    def field(self, own: str, info: FieldInfo) -> _Place:
        alias = info.alias or own
        shown = own if alias == "_id" else info.serialization_alias or alias
        names = (self.key + own, self.name + shown, self.path + alias)
        return _Place(*names, self.depth, self.in_list)

    def inside(self, *, is_list: bool) -> _Place:
        names = (f"{self.key}.", f"{self.name}.", f"{self.path}.")
        return _Place(*names, self.depth + 1, is_list)


def _fields(model: type[BaseModel], place: _Place) -> Iterator[tuple[str, QueryField]]:
    complete(model)
    for own, info in model.model_fields.items():
        if not info.exclude and not is_backlink(info.annotation):
            yield from _field(info.annotation, place.field(own, info))


def _field(annotation: Any, place: _Place) -> Iterator[tuple[str, QueryField]]:
    kind = without_none(annotation)
    is_list = get_origin(kind) in _LISTS
    if is_list:
        # The members of an array are found under the array's own path.
        kind = without_none(get_args(kind)[0])
    is_list = is_list or place.in_list
    if get_origin(kind) is Link:
        target = link_target(kind)
        yield (
            place.key,
            QueryField(
                place.name,
                f"{place.path}.$id",
                TypeAdapter(id_type(target)),
                is_list=is_list,
                target=target,
            ),
        )
    elif _is_nested(kind):
        if place.depth < _MAX_DEPTH:
            yield from _fields(kind, place.inside(is_list=is_list))
    elif (traits := _traits(kind)) is not None:
        adapter = TypeAdapter(kind)
        is_mixed = _is_mixed(kind)
        yield (
            place.key,
            QueryField(place.name, place.path, adapter, *traits, is_list, is_mixed=is_mixed),
        )


def _is_nested(kind: Any) -> bool:
    return (
        isinstance(kind, type)
        and issubclass(kind, BaseModel)
        and not issubclass(kind, Document | RootModel)
    )


def _traits(kind: Any) -> tuple[bool, bool] | None:
    """Return whether a type is text and whether it is ordered; `None` for what has no traits."""
    if get_origin(kind) is Literal:
        return all(isinstance(value, str) for value in get_args(kind)), False
    if get_origin(kind) is Union:
        all_traits = [_traits(without_none(part)) for part in get_args(kind)]
        if any(traits is None for traits in all_traits):
            return None
        return all(t[0] for t in all_traits if t), all(t[1] for t in all_traits if t)
    if not isinstance(kind, type):
        return None
    if issubclass(kind, enum.Enum):
        return all(isinstance(member.value, str) for member in kind), False
    if kind is EmailStr or issubclass(kind, str):
        return True, True
    if issubclass(kind, Url) or hasattr(kind, "unicode_string"):
        return True, False
    if issubclass(kind, _COMPARED):
        return False, False
    return (False, True) if issubclass(kind, _ORDERED) else None


def _is_mixed(kind: Any) -> bool:
    kinds = set(_kinds(kind))
    are_alike = any(all(issubclass(kind, same) for kind in kinds) for same in _ALIKE)
    # To MongoDB a bool is no number.
    return len(kinds) > 1 and (bool in kinds or not are_alike)


def _kinds(kind: Any) -> Iterator[type]:
    """Yield the types of the values of a type."""
    if get_origin(kind) is Union:
        for part in get_args(kind):
            yield from _kinds(without_none(part))
    elif get_origin(kind) is Literal:
        yield from map(type, get_args(kind))
    elif issubclass(kind, enum.Enum):
        yield from (type(member.value) for member in kind)
    else:
        yield kind
