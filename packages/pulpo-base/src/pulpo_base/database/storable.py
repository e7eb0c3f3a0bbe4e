"""Whether MongoDB has room for a value: found out before it is sent, to blame the right input.

Records of runs refuse nothing: `pulpo_base.runs.stand_ins`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bson
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions
from bson.errors import BSONError

__all__ = ["NOT_STORABLE", "is_storable", "not_storable_at"]

#: What encoding raises for a value that does not fit.
NOT_STORABLE = (OverflowError, UnicodeError, BSONError, ArithmeticError)

_OPTIONS: CodecOptions[dict[str, Any]] = CodecOptions(
    uuid_representation=UuidRepresentation.STANDARD
)


def is_storable(value: Any) -> bool:
    """Return whether an encoded value fits.

    A whole number beyond 64 bits does not, nor half a surrogate pair, nor a name with NUL in it.
    """
    try:
        bson.encode({"value": value}, codec_options=_OPTIONS)
    except (OverflowError, UnicodeError, BSONError):
        return False
    return True


def not_storable_at(value: Any, path: tuple[str | int, ...] = ()) -> tuple[str | int, ...] | None:
    """Return the place in a JSON value of the first part that does not fit, `None` if all do."""
    if is_storable(value):
        return None
    parts: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    for name, part in parts:
        place = not_storable_at(part, (*path, name))
        if place is not None:
            return place
    return path
