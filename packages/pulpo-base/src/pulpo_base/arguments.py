"""Checks of decorator arguments: each returns the argument in its stored form or raises.

A wrong type is a `TypeError`, a wrong value a `ValueError`; every message starts with the place
of the decorator, because the traceback of an import ends in our code and not in the user's.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pulpo_base.specs import IndexSpec, RelationSpec, SourceLocation
from pulpo_base.suggestions import did_you_mean

__all__ = ["Arguments", "caller_location"]

#: Each but the last is a flow in a flow; people use three, generated code must stay readable.
_MOST_SEGMENTS = 20


def caller_location(depth: int) -> SourceLocation:
    """Return the place in user code that called a decorator, `depth` frames above this one."""
    frame = sys._getframe(depth + 1)
    return SourceLocation(frame.f_code.co_filename, frame.f_lineno)


@dataclass(frozen=True, slots=True)
class Arguments:
    """Reads the arguments of one decorator call, written at `location`."""

    decorator: str
    location: SourceLocation

    def wrong_type(self, name: str, wanted: str, value: object) -> TypeError:
        """Return the error for an argument of the wrong type."""
        return TypeError(
            f"{self.location}: @{self.decorator}: `{name}` must be {wanted}, "
            f"not {type(value).__name__} {value!r:.80}"
        )

    def wrong_value(self, name: str, problem: str) -> ValueError:
        """Return the error for an argument of the right type and a wrong value."""
        return ValueError(f"{self.location}: @{self.decorator}: `{name}` {problem}")

    def refuse(self, unknown: Mapping[str, object], known: Iterable[str]) -> None:
        """Raise `TypeError` for arguments that the decorator does not have."""
        for name in unknown:
            hint = did_you_mean(name, known)
            message = f"{self.location}: @{self.decorator} takes no argument `{name}`"
            raise TypeError(f"{message}; {hint}" if hint else message)

    def text(self, name: str, value: object, default: str = "") -> str:
        """Return a string; `None` means `default`."""
        if value is None:
            return default
        if not isinstance(value, str):
            raise self.wrong_type(name, "a string", value)
        return value

    def texts(self, name: str, value: object) -> tuple[str, ...]:
        """Return a tuple of strings; `None` means none, a lone string is refused."""
        if value is None:
            return ()
        if isinstance(value, str) or not isinstance(value, Iterable):
            raise self.wrong_type(name, "a list of strings", value)
        items = tuple(value)
        for item in items:
            if not isinstance(item, str):
                raise self.wrong_type(name, "a list of strings", item)
        return items

    def dotted_name(self, name: str, value: object, default: str) -> str:
        """Return an operation name: segments joined by single dots, none of them empty."""
        text = self.text(name, value, default)
        if not text or any(not part or part != part.strip() for part in text.split(".")):
            raise self.wrong_value(
                name, f"is {text!r}; write segments joined by single dots, as in 'orders.place'"
            )
        if text.count(".") >= _MOST_SEGMENTS:
            raise self.wrong_value(name, f"has more than {_MOST_SEGMENTS} segments")
        return text

    def boolean(self, name: str, value: object) -> bool:
        """Return a bool."""
        if not isinstance(value, bool):
            raise self.wrong_type(name, "True or False", value)
        return value

    def model_names(self, name: str, value: object) -> tuple[str, ...] | None:
        """Return model names, given as strings or classes; `None` means "left out"."""
        if value is None:
            return None
        if isinstance(value, str | type) or not isinstance(value, Iterable):
            raise self.wrong_type(name, "a list of models or model names", value)
        return tuple(self._name_of(name, item, "a list of models or model names") for item in value)

    def operation_names(self, name: str, value: object) -> tuple[str, ...]:
        """Return operation names, given as strings or decorated functions, one or several."""
        if value is None:
            return ()
        wanted = "a list of operations or operation names"
        many = [value] if isinstance(value, str) or callable(value) else value
        if not isinstance(many, Iterable):
            raise self.wrong_type(name, wanted, value)
        items = tuple(many)
        for item in items:
            if isinstance(item, type) and not hasattr(item, "__pulpo__"):
                raise self.wrong_type(name, wanted, item)
        return tuple(self._name_of(name, item, wanted) for item in items)

    def _name_of(self, name: str, item: object, wanted: str) -> str:
        if isinstance(item, str):
            return item
        spec = getattr(item, "__pulpo__", None)
        if spec is not None:
            return str(spec.name)
        if isinstance(item, type):
            return item.__name__
        raise self.wrong_type(name, wanted, item)

    def bindings(self, name: str, value: object) -> tuple[tuple[str, str], ...]:
        """Return `{"field": "operation.name.output_field"}` as sorted pairs."""
        if value is None:
            return ()
        if not isinstance(value, Mapping):
            raise self.wrong_type(name, "a mapping of field to source", value)
        for field, source in value.items():
            if not isinstance(field, str) or not isinstance(source, str):
                raise self.wrong_type(name, "a mapping of strings to strings", {field: source})
            if not field or not source:
                raise self.wrong_value(name, "has an empty field or source")
        return tuple(sorted(value.items()))

    def stage(self, name: str, value: object) -> int | str | None:
        """Return a stage: a number, a name, or `None`."""
        if value == "":
            raise self.wrong_value(name, "is empty")
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong_type(name, "a number or a name", value)
        return value

    def count(self, name: str, value: object) -> int:
        """Return a whole number of at least zero."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong_type(name, "a whole number", value)
        if value < 0:
            raise self.wrong_value(name, f"is {value}; it counts, so it cannot be negative")
        return value

    def seconds(self, name: str, value: object) -> float | None:
        """Return a positive number of seconds, or `None` for no limit."""
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong_type(name, "a number of seconds", value)
        if not 0 < value < float("inf"):
            raise self.wrong_value(name, f"is {value}; give a positive number of seconds")
        return float(value)

    def ui(self, name: str, value: object) -> dict[str, Any]:
        """Return a mapping of JSON values."""
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise self.wrong_type(name, "a mapping", value)
        import json

        try:
            plain: dict[str, Any] = json.loads(json.dumps(dict(value)))
        except (TypeError, ValueError) as error:
            raise self.wrong_value(name, f"must hold JSON values only: {error}") from error
        return plain

    def ui_order(self, name: str, value: object) -> int | tuple[str, ...] | None:
        """Return a place among the models (a number) or the order of the fields (names)."""
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        if isinstance(value, str | bool) or not isinstance(value, Iterable):
            raise self.wrong_type(name, "a number or a list of field names", value)
        return self.texts(name, value)

    def indexes(self, name: str, value: object) -> tuple[IndexSpec, ...]:
        """Return index definitions from any of the spellings that `index_from` reads."""
        if value is None:
            return ()
        if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
            raise self.wrong_type(name, "a list of index definitions", value)
        return tuple(self._index(name, item) for item in value)

    def _index(self, name: str, item: object) -> IndexSpec:
        try:
            return index_from(item)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{self.location}: @{self.decorator}: `{name}`: {error}") from error

    def relations(self, name: str, value: object) -> tuple[RelationSpec, ...]:
        """Return relations from mappings with `name`, `target` and `cardinality`."""
        if value is None:
            return ()
        if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
            raise self.wrong_type(name, "a list of relations", value)
        found: list[RelationSpec] = []
        for item in value:
            try:
                found.append(relation_from(item))
            except (TypeError, ValueError) as error:
                place = f"{self.location}: @{self.decorator}: `{name}`"
                raise type(error)(f"{place}: {error}") from error
        return tuple(found)


def index_from(item: object) -> IndexSpec:
    """Return the index that `item` describes.

    `"email"`, `("customer", "created_at")`, `[("email", 1), ("at", -1)]` and
    `{"fields": …, "unique": True, "name": "…"}` (`keys` is another word for `fields`) are
    understood. Raises `TypeError` or `ValueError` for anything else.
    """
    if isinstance(item, Mapping):
        unknown = set(item) - {"fields", "keys", "unique", "name"}
        if unknown:
            raise ValueError(f"unknown index option {min(unknown)!r}")
        keys = index_from(item.get("fields", item.get("keys", ()))).keys
        name = item.get("name")
        if name is not None and not isinstance(name, str):
            raise TypeError(f"an index's `name` is a string, not {name!r:.80}")
        return IndexSpec(keys, bool(item.get("unique", False)), name)
    if isinstance(item, str):
        return IndexSpec(((item, 1),))
    if not isinstance(item, Iterable):
        raise TypeError(f"an index is a field name, a list of them or a mapping, not {item!r:.80}")
    keys = tuple(_index_key(part) for part in item)
    if not keys:
        raise ValueError("an index needs at least one field")
    return IndexSpec(keys)


def _index_key(part: object) -> tuple[str, int | str]:
    if isinstance(part, str):
        return (part, 1)
    match part:
        case [str() as field, (1 | -1 | "text" | "hashed" | "2dsphere") as direction]:
            return (field, direction)
        case _:
            raise ValueError(
                f"an index field is a name or (name, 1 | -1 | 'text' | …), not {part!r:.80}"
            )


def relation_from(item: object) -> RelationSpec:
    """Return the relation that a mapping with `name`, `target` and `cardinality` describes.

    Raises `TypeError` or `ValueError` for anything else.
    """
    if not isinstance(item, Mapping):
        raise TypeError(f"a relation is a mapping with name and target, not {item!r:.80}")
    unknown = set(item) - {"name", "target", "cardinality"}
    if unknown:
        raise ValueError(f"unknown relation option {min(unknown)!r}")
    name, target = item.get("name"), item.get("target")
    if isinstance(target, type):
        target = target.__name__
    if not isinstance(name, str) or not isinstance(target, str):
        raise TypeError(f"a relation needs `name` and `target` as text, got {dict(item)!r:.80}")
    cardinality = item.get("cardinality", "one")
    if cardinality not in ("one", "many"):
        raise ValueError(f"`cardinality` is 'one' or 'many', not {cardinality!r}")
    return RelationSpec(name, target, cardinality)
