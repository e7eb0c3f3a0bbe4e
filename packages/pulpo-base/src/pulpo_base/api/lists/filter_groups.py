"""The `filter` parameter: comparisons in groups, as JSON of a bounded size.

`{"or": [{"status": "open"}, {"age": {"gte": 18, "lt": 65}}]}`: the members of an object all have
to hold, and so do the comparisons of one field. `and` and `or` take a list, `not` an object.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from beanie.odm.utils.encoder import Encoder

from pulpo_base.api.http.problems import Place, invalid
from pulpo_base.api.lists.filters import Filter

__all__ = ["group_condition"]

_MAX_LENGTH = 8_000
_MAX_DEPTH = 6
_MAX_COMPARISONS = 100

Condition = dict[str, Any]


def group_condition(text: str, find: Callable[[str, Place], Filter], encoder: Encoder) -> Condition:
    """Return the condition that a `filter` parameter stands for.

    `find` returns the filter of a name such as `age__gte`. Raises `RequestValidationError`.
    """
    place: Place = ("query", "filter")
    if len(text) > _MAX_LENGTH:
        raise invalid([("text_length", place, f"give at most {_MAX_LENGTH} characters")])
    try:
        group = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise invalid([("json_invalid", place, "this is no JSON")]) from error
    return _Reader(find, encoder).group(group, place)


def _no_constant(name: str) -> None:
    raise ValueError(name)


class _Reader:
    def __init__(self, find: Callable[[str, Place], Filter], encoder: Encoder) -> None:
        self._find = find
        self._encoder = encoder
        self._left = _MAX_COMPARISONS

    def group(self, group: Any, place: Place, depth: int = 1) -> Condition:
        if not isinstance(group, dict) or not group:
            raise invalid([("object", place, "give an object with at least one member")])
        if depth > _MAX_DEPTH:
            raise invalid([("depth", place, f"give at most {_MAX_DEPTH} groups in each other")])
        conditions: list[Condition] = []
        for name, value in group.items():
            inner = (*place, name)
            if name in ("and", "or"):
                conditions.append({f"${name}": self._members(value, inner, depth)})
            elif name == "not":
                conditions.append({"$nor": [self.group(value, inner, depth + 1)]})
            else:
                conditions += self._comparisons(name, value, inner)
        return conditions[0] if len(conditions) == 1 else {"$and": conditions}

    def _members(self, value: Any, place: Place, depth: int) -> list[Condition]:
        if not isinstance(value, list) or not value:
            raise invalid([("list", place, "give a list of at least one object")])
        return [
            self.group(item, (*place, position), depth + 1) for position, item in enumerate(value)
        ]

    def _comparisons(self, name: str, value: Any, place: Place) -> list[Condition]:
        if not isinstance(value, dict):
            return [self._comparison(name, value, place)]
        if not value:
            raise invalid([("object", place, "name an operator")])
        return [
            self._comparison(name if operator == "eq" else f"{name}__{operator}", item, place)
            for operator, item in value.items()
        ]

    def _comparison(self, name: str, value: Any, place: Place) -> Condition:
        self._left -= 1
        if self._left < 0:
            raise invalid([("length", place, f"give at most {_MAX_COMPARISONS} comparisons")])
        found = self._find(name, place)
        if value is None and found.operator in ("eq", "ne"):
            return {found.field.path: None if found.operator == "eq" else {"$ne": None}}
        return found.compared(value, self._encoder, place)
