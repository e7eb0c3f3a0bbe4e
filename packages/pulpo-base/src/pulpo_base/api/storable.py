"""Whether MongoDB has room for a value: found out before it is sent, to blame the right input."""

from __future__ import annotations

from typing import Any

import bson
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions
from bson.errors import BSONError

__all__ = ["NOT_STORABLE", "is_storable"]

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
