"""The fields of what an operation takes and returns: pydantic models, and what passes for one."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

__all__ = ["is_record", "left_out", "record_fields", "record_values"]


def is_record(kind: Any) -> bool:
    """Whether pydantic takes a class as fields by name.

    Those are its own models, dataclasses, typed dictionaries and named tuples.
    """
    if not isinstance(kind, type):
        return False
    named = issubclass(kind, tuple) and hasattr(kind, "_fields")
    keyed = issubclass(kind, dict) and hasattr(kind, "__required_keys__")
    return named or keyed or hasattr(kind, "model_fields") or dataclasses.is_dataclass(kind)


def record_fields(kind: Any) -> Mapping[str, FieldInfo]:
    """Return the fields that a type takes, by name; none for what is no record."""
    home = get_origin(kind) or kind
    if not is_record(home):
        return {}
    found: Mapping[str, FieldInfo] | None = getattr(home, "model_fields", None)
    return found if found is not None else _plain_fields(home)


def record_values(value: Any, kind: Any) -> dict[str, Any]:
    """Return what a value holds, by the names of its fields; nothing where it is no record.

    `kind` is its declared type, which says of a dictionary whether it is a record.
    """
    home = type(value) if is_record(type(value)) else get_origin(kind) or kind
    if value is None or not is_record(home):
        return {}
    if isinstance(value, Mapping):
        return {name: value[name] for name in record_fields(home) if name in value}
    plain = dataclasses.is_dataclass(home)
    names = [item.name for item in dataclasses.fields(home)] if plain else record_fields(home)
    return {name: getattr(value, name) for name in names}


def left_out() -> None:
    """Stand for the default of what a typed dictionary need not hold: it has none."""


@lru_cache(maxsize=512)
def _plain_fields(kind: type) -> Mapping[str, FieldInfo]:
    from pydantic.fields import FieldInfo

    hints = get_type_hints(kind, include_extras=True)
    if dataclasses.is_dataclass(kind):
        taken = [item for item in dataclasses.fields(kind) if item.init]
        return {item.name: _of_dataclass(hints[item.name], item) for item in taken}
    defaults = dict(getattr(kind, "_field_defaults", {}))
    found = {}
    for name, hint in hints.items():
        if name in defaults:
            found[name] = FieldInfo.from_annotated_attribute(hint, defaults[name])
        else:
            found[name] = FieldInfo.from_annotation(_without_words(hint))
    for name, hint in hints.items():
        if _is_optional(kind, name, hint):
            found[name].default_factory = left_out
    return found


def _of_dataclass(hint: Any, item: dataclasses.Field[Any]) -> FieldInfo:
    from pydantic.fields import FieldInfo

    default = item.default if isinstance(item.default, FieldInfo) else item
    return FieldInfo.from_annotated_attribute(hint, default)


def _is_optional(kind: type, name: str, hint: Any) -> bool:
    """Whether a typed dictionary need not hold a key: what is written as text it says itself."""
    said = str(get_origin(hint)).rpartition(".")[2]
    if said in {"Required", "NotRequired"}:
        return said == "NotRequired"
    return name in getattr(kind, "__optional_keys__", ())


def _without_words(hint: Any) -> Any:
    """Return a type without `Required[…]`, `NotRequired[…]` and `ReadOnly[…]` around it."""
    if str(get_origin(hint)).rpartition(".")[2] in {"Required", "NotRequired", "ReadOnly"}:
        return _without_words(get_args(hint)[0])
    return hint
