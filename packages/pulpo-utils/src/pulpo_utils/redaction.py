"""What hides secrets: by the name they go under, by their type, and inside URIs and texts.

Exceptions, problem details and logs all mask through this module, so that a secret hidden in one
is hidden in all. Every function is linear in the length of its input.
"""

from __future__ import annotations

from pulpo_utils._masked import RedactedDict
from pulpo_utils._sensitive_names import is_sensitive
from pulpo_utils._text_masks import mask_text, mask_uri

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["MASK", "RedactedDict", "is_sensitive", "mask_text", "mask_uri", "redact", "to_jsonable"]

MASK = "***"
_MAX_DEPTH = 64
_PAIR = 2


def redact(value: Any) -> Any:
    """Return a copy of `value` with its secrets replaced by `***`.

    Masked are: values under a sensitive name (`is_sensitive`) in mappings and in lists of pairs
    (headers), pydantic's `SecretStr` and its like, and credentials inside strings (`mask_text`).
    Dataclasses, named tuples and pydantic's models become mappings of their fields, where a field
    that their `repr` leaves out is masked, too. Other objects that are not containers are passed
    on. A container inside itself becomes `...`.
    """
    return _redacted(value, frozenset())


def _redacted(value: Any, around: frozenset[int]) -> Any:
    if isinstance(value, str):
        return mask_text(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if hasattr(type(value), "get_secret_value"):
        return MASK
    if id(value) in around or len(around) >= _MAX_DEPTH:
        return "..."
    return _redacted_container(value, around | {id(value)})


def _redacted_container(value: Any, around: frozenset[int]) -> Any:
    from collections.abc import Mapping

    if isinstance(value, Mapping):
        return {
            _redacted_key(key, around): MASK if is_sensitive(key) else _redacted(item, around)
            for key, item in value.items()
        }
    fields = _fields(value)
    if fields is not None:
        return _redacted_container(fields, around)
    if isinstance(value, (bytes, bytearray)):
        return mask_text(value.decode("latin-1")).encode("latin-1")
    if isinstance(value, tuple):
        return tuple(_pair(value) or [_redacted(_pair(item) or item, around) for item in value])
    if isinstance(value, list):
        return [_redacted(_pair(item) or item, around) for item in value]
    if isinstance(value, (set, frozenset)):
        items = [_redacted(item, around) for item in value]
        return set(items) if all(map(_is_hashable, items)) else items
    return value


def _redacted_key(key: Any, around: frozenset[int]) -> Any:
    masked = _redacted(key, around)
    return masked if _is_hashable(masked) else mask_text(repr(masked))


def _is_hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _fields(value: Any) -> dict[str, Any] | None:
    """Return the fields of a dataclass, named tuple or pydantic model, None for anything else."""
    kind = type(value)
    if hasattr(kind, "__dataclass_fields__"):
        from dataclasses import fields

        shown = {field.name: field.repr for field in fields(value)}
    elif hasattr(kind, "model_dump") and hasattr(kind, "model_fields"):
        extra = getattr(value, "__pydantic_extra__", None) or {}
        shown = {name: field.repr for name, field in kind.model_fields.items()}
        shown |= dict.fromkeys(extra, True)
    elif isinstance(value, tuple) and hasattr(kind, "_fields") and not _pair(value):
        shown = dict.fromkeys(kind._fields, True)
    else:
        return None
    # one with slots, or made without validation, may lack some
    return {
        name: getattr(value, name) if is_shown else MASK
        for name, is_shown in shown.items()
        if hasattr(value, name)
    }


def _pair(value: Any) -> list[Any] | None:
    """Return a name and a mask for a pair with a sensitive name, such as a header."""
    is_pair = isinstance(value, (list, tuple)) and len(value) == _PAIR
    return [value[0], MASK] if is_pair and is_sensitive(value[0]) else None


def to_jsonable(value: Any) -> Any:
    """`value`, redacted and made of nothing but what JSON (RFC 8259) has.

    Sets and tuples become lists, keys become strings, dates and UUIDs their ISO or string form,
    NaN and infinities their name; other objects become their masked `repr`.
    """
    return _plain(redact(value), 0)


def _plain(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (str, int, float)):
        return _plain_scalar(value)
    if depth > _MAX_DEPTH:
        return "..."
    if isinstance(value, dict):
        return {_key(key): _plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [_plain(item, depth + 1) for item in value]
        return items if isinstance(value, (list, tuple)) else sorted(items, key=repr)
    return _described(value)


def _plain_scalar(value: Any) -> str | int | float:
    """Return an exact `str`, `int` or `float`; JSON has no NaN and no infinity."""
    value = getattr(value, "value", value)  # an enum member prints as its name, not its value
    if isinstance(value, float):
        return float(value) if abs(value) < float("inf") else repr(float(value))
    return str(value) if isinstance(value, str) else int(value)


def _key(key: Any) -> str:
    return str(_plain(key, 0))


def _described(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if hasattr(value, "__fspath__") or type(value).__name__ in {"UUID", "Decimal"}:
        return mask_text(str(value))
    return mask_text(repr(value))
