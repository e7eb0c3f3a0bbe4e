"""Filters of lists: comparisons of one field each, as `field__operator=value` or in a group.

Values are read as the field's own type, so that none of them can be a MongoDB operator. The
names of the operators are those of Refine's data providers, `ieq` apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from beanie.odm.utils.encoder import Encoder
from pydantic import ValidationError

from pulpo_base.api.http.parameters import truth
from pulpo_base.api.http.problems import Place, invalid, not_storable
from pulpo_base.api.shapes.fields import QueryField
from pulpo_base.database.storable import is_storable

__all__ = ["Filter", "filters_of", "literal_pattern", "operators_of"]

#: MongoDB refuses patterns of more than 32 KiB, escaped.
_MAX_TEXT = 1_000
_MAX_VALUES = 1_000
_PAIR = 2
_SEPARATED = "separated by commas, or in repeated parameters"
_DESCRIPTIONS = {
    "eq": "equals",
    "ne": "is not",
    "lt": "is less than",
    "lte": "is at most",
    "gt": "is greater than",
    "gte": "is at least",
    "in": f"is one of these ({_SEPARATED})",
    "nin": f"is none of these ({_SEPARATED})",
    "between": f"is at least the first and at most the second ({_SEPARATED})",
    "null": "is null or left out (true), or is not (false)",
    "ieq": "equals, in upper or lower case",
    "contains": "contains this text, in upper or lower case",
    "containss": "contains this text",
    "startswith": "starts with this text, in upper or lower case",
    "startswiths": "starts with this text",
    "endswith": "ends with this text, in upper or lower case",
    "endswiths": "ends with this text",
}
_PATTERNS = {
    "ieq": (r"\A{}\z", "i"),
    "contains": ("{}", "i"),
    "containss": ("{}", ""),
    "startswith": (r"\A{}", "i"),
    "startswiths": ("^{}", ""),
    "endswith": (r"{}\z", "i"),
    "endswiths": (r"{}\z", ""),
}
_SEVERAL = ("in", "nin", "between")


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
        place = ("query", self.name)
        if self.operator in _SEVERAL:
            return self.compared(
                [part for text in texts for part in text.split(",")], encoder, place
            )
        if len(texts) > 1:
            hint = f"; give several values as {self.field.name}__in"
            raise invalid([("repeated", place, f"this is given twice{hint}")])
        return self.compared(texts[0], encoder, place)

    def compared(self, value: Any, encoder: Encoder, place: Place) -> dict[str, Any]:
        """Return the condition for a value, a list of them where the operator takes several.

        Raises `RequestValidationError` for what is not of the field's type.
        """
        path = self.field.path
        match self.operator:
            case "null":
                return {path: None} if truth(value, place) else {path: {"$ne": None}}
            case "in" | "nin":
                return {path: {f"${self.operator}": self._values(value, encoder, place)}}
            case "between":
                values = self._values(value, encoder, place)
                if len(values) != _PAIR:
                    raise invalid([("pair", place, "give two values, the lower one first")])
                return {path: {"$gte": values[0], "$lte": values[1]}}
            case operator if operator in _PATTERNS:
                pattern, options = _PATTERNS[operator]
                return {path: literal_pattern(value, place, pattern, options)}
        return {path: {f"${self.operator}": self._value(value, encoder, place)}}

    def _values(self, values: Any, encoder: Encoder, place: Place) -> list[Any]:
        if not isinstance(values, list) or not 1 <= len(values) <= _MAX_VALUES:
            raise invalid([("list", place, f"give a list of 1 to {_MAX_VALUES} values")])
        return [self._value(value, encoder, place) for value in values]

    def _value(self, given: Any, encoder: Encoder, place: Place) -> Any:
        try:
            value = self.field.adapter.validate_python(given)
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
            "schema": self._schema(),
        }

    def _schema(self) -> dict[str, Any]:
        if self.operator == "null":
            return {"type": "boolean"}
        if self.operator in _SEVERAL:
            return {"type": "string"}
        if self.operator in _PATTERNS:
            return {"type": "string", "minLength": 1, "maxLength": _MAX_TEXT}
        schema = self.field.adapter.json_schema()
        # A parameter cannot point at definitions of its own.
        return {"type": "string"} if "$defs" in schema else schema


def filters_of(fields: Iterable[QueryField], reserved: Iterable[str]) -> Mapping[str, Filter]:
    """Return the filters by parameter name; a field with a reserved name is `name__eq`."""
    found: dict[str, Filter] = {}
    taken = set(reserved)
    for field in fields:
        plain = f"{field.name}__eq" if field.name in taken else field.name
        found[plain] = Filter(plain, field, "eq")
        for operator in operators_of(field):
            name = f"{field.name}__{operator}"
            found[name] = Filter(name, field, operator)
    return found


def operators_of(field: QueryField) -> Iterable[str]:
    """Yield the operators that a field can be compared by, besides `eq`."""
    yield from ("ne", "in", "nin", "null")
    if field.is_ordered:
        yield from ("lt", "lte", "gt", "gte", "between")
    if field.is_text:
        yield from _PATTERNS


def literal_pattern(
    text: Any, place: Place, pattern: str = "{}", options: str = "i"
) -> dict[str, str]:
    """Return the condition on this very text, whatever the text means to a pattern."""
    if not isinstance(text, str) or not 1 <= len(text) <= _MAX_TEXT or "\0" in text:
        message = f"give 1 to {_MAX_TEXT} characters, none of them NUL"
        raise invalid([("text_length", place, message)])
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise invalid([("text", place, "half a surrogate pair is no text")])
    return {"$regex": pattern.format(re.escape(text)), "$options": options}
