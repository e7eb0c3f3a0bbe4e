"""Cursors: where a page of a list ended, as opaque text.

Documents that are inserted or deleted meanwhile neither repeat nor hide others, because a cursor
holds values and counts nothing.
"""

from __future__ import annotations

import datetime as dt
import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Container, Mapping, Sequence
from hashlib import blake2b
from typing import Any
from uuid import UUID

import bson
from bson.codec_options import CodecOptions
from bson.errors import BSONError

from pulpo_base.api.http.problems import invalid

__all__ = ["after", "cursor_at"]

_MAX_LENGTH = 4_000
#: A condition may come from a client: nothing that MongoDB takes for more than a value.
_VALUES = (
    type(None),
    bool,
    int,
    float,
    str,
    bytes,
    dt.datetime,
    UUID,
    bson.ObjectId,
    bson.Decimal128,
    bson.Binary,
)

#: Types in the order in which MongoDB sorts them, null before all; `$lt` and `$gt` compare the
#: values of one type alone, so that the others have to be asked for.
_ORDER: tuple[tuple[str, tuple[type, ...]], ...] = (
    ("number", (int, float, bson.Decimal128)),
    ("string", (str,)),
    ("object", ()),
    ("array", ()),
    ("binData", (bytes, UUID, bson.Binary)),
    ("objectId", (bson.ObjectId,)),
    ("bool", (bool,)),
    ("date", (dt.datetime,)),
)
_NAMES = [name for name, _ in _ORDER]

Sort = Sequence[tuple[str, int]]


def cursor_at(values: Mapping[str, Any], sort: Sort, options: CodecOptions[Any]) -> str:
    """Return the cursor behind a stored document."""
    keys = [_at(values, path) for path, _ in sort]
    content = bson.encode({"s": _signature(sort), "k": keys}, codec_options=options)
    return urlsafe_b64encode(content).decode().rstrip("=")


def after(
    cursor: str, sort: Sort, options: CodecOptions[Any], mixed: Container[str] = ()
) -> dict[str, Any]:
    """Return the condition for what comes after a cursor in this order.

    `mixed` are the paths where values of several types are. Raises `RequestValidationError` for a
    cursor that is not of this list and order.
    """
    keys = _keys(cursor, sort, options)
    if keys is None:
        message = "this is no cursor of a list in this order; begin anew without it"
        raise invalid([("cursor", ("query", "after"), message)])
    alternatives: list[dict[str, Any]] = []
    equal: dict[str, Any] = {}
    for (path, way), key in zip(sort, keys, strict=True):
        beyond = _beyond(path, key, descends=way < 0, is_mixed=path in mixed)
        if beyond is not None:
            alternatives.append({"$and": [equal, beyond]} if equal else beyond)
        equal = {**equal, path: key}
    # Nothing is behind a forged cursor without an id.
    return {"$or": alternatives} if alternatives else {"_id": {"$in": []}}


def _beyond(path: str, key: Any, *, descends: bool, is_mixed: bool) -> dict[str, Any] | None:
    """Return the condition for what MongoDB sorts behind a value; null comes before all else."""
    if key is None:
        return None if descends else {path: {"$ne": None}}
    place = _place(key)
    is_number = place == 0
    is_nan = is_number and math.isnan(_float(key))
    found: list[dict[str, Any]] = []
    if descends:
        if not is_nan:  # which no number is less than, to MongoDB
            found.append({path: {"$lt": key}})
        if path != "_id":
            found.append({path: {"$in": [None, math.nan]} if is_number and not is_nan else None})
        others = _NAMES[:place]
    else:
        found.append({path: {"$gte": -math.inf} if is_nan else {"$gt": key}})
        others = _NAMES[place + 1 :]
    if is_mixed and others:
        found.append({path: {"$type": others}})
    return found[0] if len(found) == 1 else {"$or": found}


def _place(key: Any) -> int:
    if isinstance(key, bool):  # which is an `int` to Python
        return _NAMES.index("bool")
    return next(place for place, (_, types) in enumerate(_ORDER) if isinstance(key, types))


def _float(key: Any) -> float:
    return float(key.to_decimal() if isinstance(key, bson.Decimal128) else key)


def _keys(cursor: str, sort: Sort, options: CodecOptions[Any]) -> list[Any] | None:
    if not cursor.isascii() or len(cursor) > _MAX_LENGTH:
        return None
    try:
        content = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        found = bson.decode(content, options)
    except (ValueError, BSONError, OverflowError):
        return None
    keys = found.get("k")
    if found.get("s") != _signature(sort) or not isinstance(keys, list) or len(keys) != len(sort):
        return None
    return keys if all(isinstance(key, _VALUES) for key in keys) else None


def _signature(sort: Sort) -> bytes:
    text = ",".join(f"{path} {int(way)}" for path, way in sort)
    return blake2b(text.encode(), digest_size=6).digest()


def _at(values: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(values, bson.DBRef):
            values = values.id if part == "$id" else None
        else:
            values = values.get(part) if isinstance(values, Mapping) else None
    return values
