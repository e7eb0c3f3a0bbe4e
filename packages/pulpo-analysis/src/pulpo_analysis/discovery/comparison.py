"""What two discoveries of one project say differently.

Static discovery does not know everything and says so with a diagnostic; running code has no
names for what exists in the source only. Where one of the two does not know, there is no
difference: only contradictions count. Beyond that, one thing is left out of every comparison
(`normal_form`): the home of a library's class, which the source calls by the module that it
imports it from, and running code by the module that defines it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from pulpo_analysis.discovery.protocol import Discovered
from pulpo_base.specs import (
    FieldSpec,
    IndexSpec,
    RelationSpec,
    SourceLocation,
    TypeKind,
    TypeRef,
)

__all__ = ["Difference", "differences", "normal_form"]

Spec = Any  # one of the four kinds of spec; they share `key` and `location`

_KINDS = ("models", "schemas", "enums", "operations")

#: Facts that are `None` or empty in a spec when the source does not say them in a known way.
_MAY_BE_UNKNOWN = frozenset({"default", "alias", "description", "constraints"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact of `owner` on which the two disagree; `None` where one does not find the owner."""

    owner: str
    fact: str
    location: SourceLocation
    static: str | None
    imported: str | None


def normal_form(value: Any) -> Any:
    """Return a spec in which a library's class is known by its own name only."""
    if isinstance(value, TypeRef):
        name = value.short if value.kind is TypeKind.EXTERNAL else value.name
        return replace(value, name=name, args=tuple(map(normal_form, value.args)))
    if is_dataclass(value) and not isinstance(value, type):
        changed = {item.name: normal_form(getattr(value, item.name)) for item in fields(value)}
        return replace(value, **changed)
    if isinstance(value, tuple):
        return tuple(map(normal_form, value))
    return value


def differences(
    static: Discovered, imported: Discovered, *, partly: bool = False
) -> Iterator[Difference]:
    """Yield what the two say differently, sorted by owner.

    `partly` says that not every module could be imported: what only the source has is then none.
    """
    for kind in _KINDS:
        ours, theirs = _by_key(getattr(static, kind)), _by_key(getattr(imported, kind))
        for key in sorted(ours.keys() | theirs.keys()):
            if key in ours and key in theirs:
                yield from _facts(key, ours[key], theirs[key])
            elif key in ours and not partly:
                yield Difference(key, kind, ours[key].location, "declared", None)
            elif key in theirs:
                yield Difference(key, kind, theirs[key].location, None, "declared")


def _by_key(specs: Iterable[Spec]) -> dict[str, Spec]:
    return {spec.key: spec for spec in map(normal_form, specs)}


def _facts(key: str, ours: Spec, theirs: Spec) -> Iterator[Difference]:
    for item in fields(ours):
        one, other = getattr(ours, item.name), getattr(theirs, item.name)
        if item.name in {"fields", "computed_fields"}:
            yield from _fields(key, ours.location, one, other)
        elif item.name == "relations":
            yield from _relations(key, ours.location, one, other)
        elif item.name != "location" and not _agree(item.name, one, other):
            yield _difference(key, item.name, ours.location, one, other)


def _relations(
    key: str,
    place: SourceLocation,
    ours: tuple[RelationSpec, ...],
    theirs: tuple[RelationSpec, ...],
) -> Iterator[Difference]:
    one, other = ({spec.name: spec for spec in specs} for specs in (ours, theirs))
    for name in dict.fromkeys((*one, *other)):
        mine, its = (_text(specs[name]) if name in specs else "none" for specs in (one, other))
        if mine != its:
            where = (one.get(name) or other[name]).location or place
            yield Difference(f"{key}.{name}", "relation", where, mine, its)


def _fields(
    key: str, place: SourceLocation, ours: tuple[FieldSpec, ...], theirs: tuple[FieldSpec, ...]
) -> Iterator[Difference]:
    one, other = {spec.name: spec for spec in ours}, {spec.name: spec for spec in theirs}
    for name in dict.fromkeys((*one, *other)):
        if name not in one or name not in other:
            texts = ("declared" if name in side else None for side in (one, other))
            found = one.get(name) or other[name]
            yield Difference(f"{key}.{name}", "fields", found.location or place, *texts)
            continue
        for item in fields(FieldSpec):
            mine, its = getattr(one[name], item.name), getattr(other[name], item.name)
            if item.name != "location" and not _agree(item.name, mine, its):
                where = one[name].location or place
                yield _difference(f"{key}.{name}", item.name, where, mine, its)


def _agree(fact: str, ours: Any, theirs: Any) -> bool:
    if ours == theirs:
        return True
    if isinstance(ours, TypeRef) and isinstance(theirs, TypeRef):
        return _same_type(ours, theirs)
    if fact == "constraints":
        known: Mapping[str, Any] = dict(theirs)
        return all(known.get(name) == value for name, value in ours)
    return fact in _MAY_BE_UNKNOWN and not ours


def _same_type(ours: TypeRef, theirs: TypeRef) -> bool:
    if TypeKind.UNKNOWN in {ours.kind, theirs.kind}:
        return True
    return (ours.kind, ours.name, ours.values) == (theirs.kind, theirs.name, theirs.values) and (
        len(ours.args) == len(theirs.args) and all(map(_same_type, ours.args, theirs.args))
    )


def _difference(owner: str, fact: str, place: SourceLocation, ours: Any, theirs: Any) -> Difference:
    return Difference(owner, fact, place, _text(ours), _text(theirs))


def _text(value: Any) -> str:
    if isinstance(value, TypeRef):
        return str(value)
    if isinstance(value, RelationSpec):
        back = ", back" if value.back else ""
        return f"{value.target} ({value.cardinality}{back})"
    if isinstance(value, IndexSpec):
        keys = "+".join(f"{name}:{direction}" for name, direction in value.keys)
        return " ".join([keys, *(["unique"] if value.unique else []), value.name or ""]).strip()
    if isinstance(value, tuple):
        return f"({', '.join(map(_text, value))})"
    return repr(value)
