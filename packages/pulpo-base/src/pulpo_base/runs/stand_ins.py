"""Texts in the place of what MongoDB cannot store: what is told of a run must not be lost.

What a client sends is judged and refused instead: `pulpo_base.database.storable`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["with_stand_ins"]

#: Whole numbers of BSON are smaller.
_BEYOND: Final = 1 << 63


def with_stand_ins(value: Any) -> Any:
    """Return a JSON-like value with a text in the place of what MongoDB cannot store.

    That is a whole number beyond 64 bits, half a surrogate pair, NUL in a name, and whatever JSON
    does not know but times.
    """
    if isinstance(value, Mapping):
        return {
            with_stand_ins(str(key)).replace("\0", "\\0"): with_stand_ins(one)
            for key, one in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [with_stand_ins(one) for one in value]
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, int) and not -_BEYOND <= value < _BEYOND:
        return str(value)
    if value is None or isinstance(value, int | float | bytes | dt.datetime):
        return value
    return with_stand_ins(str(value))
