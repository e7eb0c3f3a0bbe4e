"""Polyfactory's values for documents, and likely ones where a field's name says more."""

from __future__ import annotations

import copy
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, TypeGuard, TypeVar

from polyfactory.factories.base import BaseFactory, BuildContext
from polyfactory.factories.pydantic_factory import ModelFactory, PydanticFieldMeta
from polyfactory.field_meta import FieldMeta, Null
from polyfactory.utils.helpers import unwrap_annotation
from polyfactory.utils.predicates import is_optional
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pulpo_base.database.seeding.words import number_range, text_about
from pulpo_base.record_fields import is_record, left_out, record_fields

__all__ = ["DocumentFactory", "LikelyValues", "PlainRecordFactory"]

R = TypeVar("R")
T = TypeVar("T", bound=BaseModel)

#: How many days back moments go, and dates, which are more often unique.
_DAYS, _DATES = 90, 3 * 365
_TRIES = 5
_CENTS = Decimal("0.01")
_SAME = object()

if TYPE_CHECKING:
    _Factory = BaseFactory[Any]
else:  # what is mixed in is no factory itself: polyfactory would take it for one
    _Factory = object


class LikelyValues(_Factory):
    """A factory's values; `until` is the latest moment that is made up."""

    until: ClassVar[datetime] = datetime(2025, 1, 1, tzinfo=UTC)

    @classmethod
    def get_field_value(
        cls,
        field_meta: FieldMeta,
        field_build_parameters: Any | None = None,
        build_context: BuildContext | None = None,
    ) -> Any:
        """Return a likely value where one is known that the field takes, else polyfactory's."""
        field_meta = _without_index(field_meta)
        if field_build_parameters is None and not cls.should_set_none_value(field_meta):
            kind = unwrap_annotation(field_meta.annotation)
            if not field_meta.required and cls.__random__.choice((True, False)):
                return Null
            likely = cls._likely(kind, field_meta)
            if likely is not _SAME:
                return likely
        return super().get_field_value(field_meta, field_build_parameters, build_context)

    @classmethod
    def _likely(cls, kind: Any, field: FieldMeta) -> Any:
        rules = _rules(field)
        if kind is str:
            return cls._text(field.name, rules)
        if kind in {int, float, Decimal}:
            return cls._number(kind, field.name, rules)
        if kind in {datetime, date} and not rules:
            days = _DAYS if kind is datetime else _DATES
            moment = cls.until - timedelta(seconds=cls.__random__.randrange(days * 86_400))
            return moment if kind is datetime else moment.date()
        return _SAME

    @classmethod
    def _text(cls, name: str, rules: dict[str, Any]) -> Any:
        owner = getattr(cls, "__model__", cls).__name__
        longest = rules.get("max_length")
        for _ in range(_TRIES):
            text = text_about(name, owner, cls.__faker__)[:longest].strip()
            if len(text) >= (rules.get("min_length") or 0) and _fits(text, rules.get("pattern")):
                return text
        return _SAME

    @classmethod
    def _number(cls, kind: type, name: str, rules: dict[str, Any]) -> Any:
        if rules.get("multiple_of") is not None:
            return _SAME
        low, high = number_range(name)
        least, most = rules.get("ge", rules.get("gt")), rules.get("le", rules.get("lt"))
        if least is not None:
            low, high = (least, max(high, least + 100)) if most is None else (least, high)
        if most is not None:
            low, high = min(low, most) if least is None else low, min(high, most)
        if low > high or {"gt", "lt"} & {name for name in rules if rules[name] is not None}:
            low, high = low + (rules.get("gt") is not None), high - (rules.get("lt") is not None)
        if low > high:
            return _SAME
        if kind is int:
            return cls.__random__.randint(int(low), int(high))
        value = round(cls.__random__.uniform(float(low), float(high)), 2)
        return Decimal(str(value)).quantize(_CENTS) if kind is Decimal else value


class DocumentFactory(LikelyValues, ModelFactory[T]):
    """Makes documents and the models inside them; constraints are kept."""

    __is_base_factory__ = True


class PlainRecordFactory(LikelyValues, BaseFactory[R]):
    """Makes dataclasses, typed dictionaries and named tuples, wherever one stands in a document.

    Polyfactory has no factory for the last, and those for the others do not look for `Field(…)`
    in annotations. It finds this one by itself.
    """

    __is_base_factory__ = True

    @classmethod
    def is_supported_type(cls, value: Any) -> TypeGuard[type[R]]:
        """Return whether it is a record and no model."""
        return is_record(value) and not issubclass(value, BaseModel)

    @classmethod
    def get_model_fields(cls) -> list[FieldMeta]:
        """Return the fields with their constraints."""
        return [_meta(name, info) for name, info in record_fields(cls.__model__).items()]


def _meta(name: str, info: FieldInfo) -> FieldMeta:
    plain = copy.copy(info)
    may_lack = info.default_factory is left_out
    if may_lack:
        plain.default_factory = None
    meta = PydanticFieldMeta.from_field_info(name, plain, use_alias=False)
    meta.required = not may_lack
    return meta


def _without_index(field: FieldMeta) -> FieldMeta:
    """Return the field of the type that `Indexed(…)`, called as a function, makes a class of."""
    kind = unwrap_annotation(field.annotation)
    if not isinstance(kind, type) or "_indexed" not in vars(kind):
        return field
    plain = copy.copy(field)
    plain.annotation = kind.__mro__[1]
    return plain


def _rules(field: FieldMeta) -> dict[str, Any]:
    """Return the constraints of a field; those of an optional one stand at its only child."""
    if field.constraints is None and is_optional(field.annotation) and field.children:
        field = field.children[0]
    return dict(field.constraints or {})


def _fits(text: str, pattern: Any) -> bool:
    return pattern is None or re.search(pattern, text) is not None
