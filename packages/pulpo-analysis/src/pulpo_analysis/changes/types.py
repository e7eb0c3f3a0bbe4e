"""What a new type or constraint accepts, next to the old one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum, auto
from typing import Any

from pulpo_analysis.dataflow.assignability import is_assignable
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.specs import TypeRef

__all__ = ["Names", "Shift", "shift"]

#: Constraints of which a higher value accepts less, and those of which a lower one does.
_RISING = frozenset({"ge", "gt", "min_length", "min_items"})
_FALLING = frozenset({"le", "lt", "max_length", "max_items", "max_digits", "decimal_places"})

Constraints = tuple[tuple[str, Any], ...]


class Shift(Enum):
    """How the set of accepted values changed."""

    SAME = auto()
    WIDER = auto()
    NARROWER = auto()
    OTHER = auto()
    """Some values are accepted no more, others newly are."""


class Names:
    """Old importable names in terms of the new ones: a class that only moved stays the same."""

    def __init__(self, before: AppSpec, after: AppSpec, renamed: Mapping[str, str]) -> None:
        """Match by name; `renamed` gives the new name of models that have another one."""
        old, new = _keys(before), _keys(after)
        self._new: dict[str, str] = {}
        for (kind, name), key in old.items():
            now = renamed.get(name, name) if kind == "model" else name
            if (kind, now) in new:
                self._new[key] = new[kind, now]

    def __call__(self, ref: TypeRef) -> TypeRef:
        """Return an old type as the new snapshot calls it."""
        args = tuple(self(arg) for arg in ref.args)
        return replace(ref, name=self._new.get(ref.name, ref.name), args=args)


def _keys(app: AppSpec) -> dict[tuple[str, str], str]:
    named = [
        *((("model", model.name), model.key) for model in app.models),
        *((("type", schema.name), schema.key) for schema in app.schemas),
        *((("type", enum.name), enum.key) for enum in app.enums),
    ]
    counts = Counter(name for name, _ in named)
    return {name: key for name, key in named if counts[name] == 1}


def shift(
    before: TypeRef, after: TypeRef, old: Constraints, new: Constraints, app: AppSpec
) -> Shift:
    """Return how what is accepted changed; `before` is given in the names of the new snapshot."""
    return _together(_types(before, after, app), _constraints(dict(old), dict(new)))


def _types(before: TypeRef, after: TypeRef, app: AppSpec) -> Shift:
    if before == after:
        return Shift.SAME
    kept, new = is_assignable(before, after, app), is_assignable(after, before, app)
    if kept:
        return Shift.SAME if new else Shift.WIDER
    return Shift.NARROWER if new else Shift.OTHER


def _constraints(old: dict[str, Any], new: dict[str, Any]) -> Shift:
    found = Shift.SAME
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            found = _together(found, Shift.WIDER)
        elif name not in old:
            found = _together(found, Shift.NARROWER)
        elif old[name] != new[name]:
            found = _together(found, _moved(name, old[name], new[name]))
    return found


def _moved(name: str, old: Any, new: Any) -> Shift:
    numbers = isinstance(old, int | float) and isinstance(new, int | float)
    if not numbers or name not in _RISING | _FALLING:
        return Shift.OTHER
    return Shift.NARROWER if (new > old) is (name in _RISING) else Shift.WIDER


def _together(one: Shift, other: Shift) -> Shift:
    if Shift.SAME in {one, other}:
        return other if one is Shift.SAME else one
    return one if one is other else Shift.OTHER
