"""What a configuration file says, as a `ProjectConfig`; pydantic is asked where it looks wrong."""

from __future__ import annotations

import operator
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from pulpo_analysis.config.settings import FALSE_MEANS

__all__ = ["Rejected", "section_of", "validated"]

T = TypeVar("T")

#: Where no value is what a setting takes.
_NOTHING = object()


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
    """Return `plain` as a `kind`, and what was wrong: there the default stands.

    Every field of `kind` has a default.
    """
    found, rejected = _values(kind, plain)
    return kind(**found), rejected


def _values(kind: type, plain: Mapping[str, Any]) -> tuple[dict[str, Any], list[Rejected]]:
    """Return the fields of `kind` that `plain` gives, and what was wrong."""
    found: dict[str, Any] = {}
    rejected: list[Rejected] = []
    annotations = _annotations(cast("Hashable", kind))
    for one in fields(kind):
        if one.name not in plain:
            continue
        value, section = plain[one.name], section_of(kind, one.name)
        taken, inner = _setting(section or annotations[one.name], one, value)
        if taken is not _NOTHING:
            found[one.name] = taken
        rejected.extend(Rejected((one.name, *item.path), item.reason) for item in inner)
    return found, rejected


def _setting(annotation: Any, one: Field[Any], value: Any) -> tuple[Any, list[Rejected]]:
    """Return what a setting is, `_NOTHING` where its default stands, and what was wrong."""
    if is_dataclass(annotation):
        if isinstance(value, dict):
            return validated(cast("type[Any]", annotation), value)
        return _NOTHING, [Rejected((), _no_section(annotation))]
    item = _item_of(annotation)
    if item is not None and isinstance(value, list):
        return _listed(item, value)
    if FALSE_MEANS in one.metadata and isinstance(value, dict):
        meant = one.metadata[FALSE_MEANS]
        value = {key: meant if part is False else part for key, part in value.items()}
    taken = _taken(annotation, value)
    if taken is not _NOTHING and _within(taken, _bounds(one)):
        return taken, []
    return _judged(annotation, one, value)


def _item_of(annotation: Any) -> type | None:
    """Return the dataclass that a tuple holds, `None` for every other annotation."""
    item = get_args(annotation)[0] if get_origin(annotation) is tuple else None
    return item if isinstance(item, type) and is_dataclass(item) else None


def _listed(kind: type, items: list[Any]) -> tuple[Any, list[Rejected]]:
    """Return a list of sections. In these some keys are required, and one wrong one spoils all."""
    found: list[Any] = []
    rejected: list[Rejected] = []
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            rejected.append(Rejected((index,), _no_section(kind)))
            continue
        values, inner = _values(kind, item)
        inner.extend(_missing(kind, item))
        names = {one.name for one in fields(kind)}
        inner.extend(
            Rejected((str(key),), "Extra inputs are not permitted")
            for key in item
            if key not in names
        )
        rejected.extend(Rejected((index, *part.path), part.reason) for part in inner)
        if not inner:
            found.append(kind(**values))
    return (_NOTHING if rejected else tuple(found)), rejected


def _missing(kind: type, plain: Mapping[str, Any]) -> Iterator[Rejected]:
    for one in fields(kind):
        required = one.default is MISSING and one.default_factory is MISSING
        if required and one.name not in plain:
            yield Rejected((one.name,), "Field required")


def _no_section(kind: Any) -> str:
    return f"Input should be a valid dictionary or instance of {kind.__name__}"


def _taken(annotation: Any, value: Any) -> Any:
    """Return a value that plainly is what its annotation says, else `_NOTHING`."""
    origin, args = get_origin(annotation), get_args(annotation)
    if annotation is Any or (origin is Literal and type(value) is str and value in args):
        return value
    if origin is tuple and type(value) is list:
        items = [_taken(args[0], item) for item in value]
        return _NOTHING if any(item is _NOTHING for item in items) else tuple(items)
    if origin is dict and type(value) is dict and all(type(key) is str for key in value):
        parts = {key: _taken(args[1], part) for key, part in value.items()}
        return _NOTHING if any(part is _NOTHING for part in parts.values()) else parts
    return value if type(value) is annotation else _NOTHING


def _bounds(one: Field[Any]) -> dict[str, Any]:
    return {name: bound for name, bound in one.metadata.items() if name != FALSE_MEANS}


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
        Annotated[annotation, pydantic.Field(**_bounds(one))]
    )
    try:
        return adapter.validate_python(value), []
    except pydantic.ValidationError as error:
        found = [Rejected(item["loc"], item["msg"]) for item in error.errors(include_url=False)]
    if not isinstance(value, dict) or any(not item.path for item in found):
        return _NOTHING, found
    # What remains of a mapping without the rejected keys still counts.
    rest, _ = _judged(annotation, one, _without(value, [item.path for item in found]))
    return rest, found


def _without(plain: dict[Any, Any], paths: list[tuple[int | str, ...]]) -> dict[Any, Any]:
    """Return a mapping without the values at some paths; a list goes as a whole."""
    kept: dict[Any, Any] = {}
    for key, value in plain.items():
        inner = [path[1:] for path in paths if path[0] == key]
        if not inner:
            kept[key] = value
        elif isinstance(value, dict) and all(inner) and ("[key]",) not in inner:
            kept[key] = _without(value, inner)
    return kept
