"""Which removed thing an added one may be, under another name: a hint, never a certainty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from pulpo_base.specs import FieldSpec, ModelSpec, OperationSpec, TypeRef

__all__ = ["renamed_fields", "renamed_models", "renamed_operations"]

Spec = TypeVar("Spec", FieldSpec, ModelSpec, OperationSpec)

#: How alike two names, or two sets of fields, are at least: 0 is nothing in common, 1 is equal.
_ALIKE = 0.6
_SAME_FIELDS = 0.7


def renamed_fields(
    before: Sequence[FieldSpec], after: Sequence[FieldSpec], new: Callable[[TypeRef], TypeRef]
) -> dict[str, str]:
    """Return old names with new ones: of equal type, and alike in name or at the same place."""
    places = {spec.name: index for index, spec in enumerate(before)}
    new_places = {spec.name: index for index, spec in enumerate(after)}

    def score(old: FieldSpec, now: FieldSpec) -> float:
        if new(old.type) != now.type:
            return 0
        same_place = places[old.name] == new_places[now.name]
        alike = _alike(old.name, now.name)
        return alike + 1 if same_place else alike if alike >= _ALIKE else 0

    return _matched(before, after, score)


def renamed_models(before: Sequence[ModelSpec], after: Sequence[ModelSpec]) -> dict[str, str]:
    """Return old names with new ones: of one class or collection, or with much the same fields."""

    def score(old: ModelSpec, now: ModelSpec) -> float:
        if old.key == now.key or old.collection == now.collection:
            return 2
        fields, others = ({(f.name, str(f.type)) for f in one.fields} for one in (old, now))
        shared = len(fields & others) / max(len(fields | others), 1)
        return shared if shared >= _SAME_FIELDS else 0

    return _matched(before, after, score)


def renamed_operations(
    before: Sequence[OperationSpec],
    after: Sequence[OperationSpec],
    new: Callable[[TypeRef], TypeRef],
) -> dict[str, str]:
    """Return old names with new ones: of one function, or of equal types and alike in name."""

    def score(old: OperationSpec, now: OperationSpec) -> float:
        if old.key == now.key:
            return 2
        ends = ((old.inputs, now.inputs), (old.outputs, now.outputs))
        same = all((new(one) if one else None) == other for one, other in ends)
        alike = _alike(old.name, now.name)
        return alike if same and alike >= _ALIKE else 0

    return _matched(before, after, score)


def _matched(
    before: Sequence[Spec], after: Sequence[Spec], score: Callable[[Spec, Spec], float]
) -> dict[str, str]:
    """Return removed names with the added ones that match best, each used once."""
    old, now = {spec.name for spec in before}, {spec.name for spec in after}
    pairs = sorted(
        (-points, one.name, other.name)
        for one in before
        if one.name not in now
        for other in after
        if other.name not in old and (points := score(one, other)) > 0
    )
    found: dict[str, str] = {}
    for _, one_name, other_name in pairs:
        if one_name not in found and other_name not in found.values():
            found[one_name] = other_name
    return found


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
