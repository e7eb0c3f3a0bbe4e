"""Filters of lists: one query parameter each, which becomes one condition.

Values are read as the field's own type, so that none of them can be a MongoDB operator.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from beanie.odm.utils.encoder import Encoder
from pydantic import TypeAdapter, ValidationError

from pulpo_base.api.fields import QueryField
from pulpo_base.api.problems import invalid, not_storable
from pulpo_base.api.storable import is_storable

__all__ = ["Filter", "filters_of", "literal_pattern"]

#: MongoDB refuses patterns of more than 32 KiB, escaped.
_MAX_TEXT = 1_000
_DESCRIPTIONS = {
    "eq": "equals",
    "ne": "is not",
    "lt": "is less than",
    "lte": "is at most",
    "gt": "is greater than",
    "gte": "is at least",
    "in": "is one of these (separated by commas, or in repeated parameters)",
    "contains": "contains this text, in upper or lower case",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """One comparison of one field; `name` is the query parameter's."""

    name: str
    field: QueryField
    operator: str

    def condition(self, texts: Sequence[str], encoder: Encoder) -> dict[str, Any]:
        """Return the condition for the values given in the URL.

        Raises `RequestValidationError` for a value that is not of the field's type, and for
        several where one is meant.
        """
        if self.operator == "in":
            parts = [part for text in texts for part in text.split(",")]
            values = [self._value(part, encoder) for part in parts]
            return {self.field.path: {"$in": values}}
        if len(texts) > 1:
            hint = f"; give several values as {self.field.name}__in"
            raise invalid([("repeated", ("query", self.name), f"this is given twice{hint}")])
        if self.operator == "contains":
            return {self.field.path: literal_pattern(texts[0], self.name)}
        return {self.field.path: {f"${self.operator}": self._value(texts[0], encoder)}}

    def _value(self, text: str, encoder: Encoder) -> Any:
        place = ("query", self.name)
        try:
            value = self.field.adapter.validate_python(text)
        except ValidationError as error:
            raise invalid((item["type"], place, item["msg"]) for item in error.errors()) from error
        try:
            encoded = encoder.encode(value)
        except ArithmeticError as error:  # a decimal of more than 34 digits
            raise invalid([not_storable(place)]) from error
        if not is_storable(encoded):
            raise invalid([not_storable(place)])
        return encoded

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI parameter object."""
        return {
            "name": self.name,
            "in": "query",
            "required": False,
            "description": f"{self.field.name} {_DESCRIPTIONS[self.operator]}",
            "schema": {"type": "string"} if self._is_free_text else _schema(self.field.adapter),
        }

    @property
    def _is_free_text(self) -> bool:
        return self.operator in ("in", "contains")


def filters_of(fields: Iterable[QueryField], reserved: Iterable[str]) -> Mapping[str, Filter]:
    """Return the filters by parameter name; a field with a reserved name is `name__eq`."""
    found: dict[str, Filter] = {}
    taken = set(reserved)
    for field in fields:
        plain = f"{field.name}__eq" if field.name in taken else field.name
        found[plain] = Filter(plain, field, "eq")
        for operator in _operators(field):
            name = f"{field.name}__{operator}"
            found[name] = Filter(name, field, operator)
    return found


def _operators(field: QueryField) -> Iterable[str]:
    yield from ("ne", "in")
    if field.is_ordered:
        yield from ("lt", "lte", "gt", "gte")
    if field.is_text:
        yield "contains"


def literal_pattern(text: str, parameter: str) -> dict[str, str]:
    """Return the condition "contains this very text", whatever the text means to a pattern."""
    if not text or len(text) > _MAX_TEXT or "\0" in text:
        message = f"give 1 to {_MAX_TEXT} characters, none of them NUL"
        raise invalid([("text_length", ("query", parameter), message)])
    return {"$regex": re.escape(text), "$options": "i"}


def _schema(adapter: TypeAdapter[Any]) -> dict[str, Any]:
    schema = adapter.json_schema()
    # A parameter cannot point at definitions of its own.
    return {"type": "string"} if "$defs" in schema else schema
