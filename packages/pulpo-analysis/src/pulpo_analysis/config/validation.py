"""What a configuration file says, as a `ProjectConfig`; pydantic is asked where it looks wrong."""

from __future__ import annotations

import operator
from collections.abc import Hashable, Mapping
from dataclasses import Field, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, cast, get_type_hints

from pulpo_base.records import dataclass

__all__ = ["Rejected", "section_of", "validated"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A value that no setting takes: the keys and list indexes to it, and why."""

    path: tuple[int | str, ...]
    reason: str


@cache
def _annotations(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind)


def section_of(kind: type, name: str) -> type | None:
    """Return the dataclass behind a key of `kind`, `None` where the key holds a plain value."""
    annotation = _annotations(kind).get(name)
    return annotation if isinstance(annotation, type) and is_dataclass(annotation) else None


def validated(kind: type[T], plain: Mapping[str, Any]) -> tuple[T, list[Rejected]]:
    """Return `plain` as a `kind`, and what was wrong: there the default stands."""
    found: dict[str, Any] = {}
    rejected: list[Rejected] = []
    annotations = _annotations(cast("Hashable", kind))
    for one in fields(kind):  # type: ignore[arg-type] # mypy has no bound for "a dataclass"
        if one.name not in plain:
            continue
        value, section = plain[one.name], section_of(kind, one.name)
        if section is None:
            found[one.name], inner = _setting(annotations[one.name], one, value)
        elif isinstance(value, dict):
            found[one.name], inner = validated(section, value)
        else:
            reason = f"Input should be a valid dictionary or instance of {section.__name__}"
            inner = [Rejected((), reason)]
        if any(not item.path for item in inner) or (inner and section is None):
            found.pop(one.name, None)
        rejected.extend(Rejected((one.name, *item.path), item.reason) for item in inner)
    return kind(**found), rejected


def _setting(annotation: Any, one: Field[Any], value: Any) -> tuple[Any, list[Rejected]]:
    if annotation == tuple[str, ...] and isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            return tuple(value), []
    elif type(value) is annotation and _within(value, one.metadata):
        return value, []
    return _judged(annotation, one, value)


def _within(value: Any, bounds: Mapping[str, Any]) -> bool:
    """Whether a value keeps pydantic's bounds; one that is not known here is not kept."""
    kept = {"ge": operator.ge, "gt": operator.gt, "le": operator.le, "lt": operator.lt}
    limits = {name: limit for name, limit in bounds.items() if name != "strict"}
    return all(name in kept and kept[name](value, limit) for name, limit in limits.items())


def _judged(annotation: Any, one: Field[Any], value: Any) -> tuple[Any, list[Rejected]]:
    # Pydantic costs more than reading a small project: only what is not plain is given to it.
    from typing import Annotated

    import pydantic

    adapter: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(
        Annotated[annotation, pydantic.Field(**one.metadata)]
    )
    try:
        return adapter.validate_python(value), []
    except pydantic.ValidationError as error:
        found = error.errors(include_url=False)
        return None, [Rejected(item["loc"], item["msg"]) for item in found]
