"""`DocumentFactory`: polyfactory's values, and likely ones where the field's name says more."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from polyfactory.factories.base import BuildContext
from polyfactory.factories.pydantic_factory import ModelFactory
from polyfactory.field_meta import FieldMeta
from polyfactory.utils.helpers import unwrap_annotation
from pydantic import BaseModel

from pulpo_base.database.seeding.words import number_range, text_about

__all__ = ["DocumentFactory"]

T = TypeVar("T", bound=BaseModel)

#: How many days back moments go, and dates, which are more often unique.
_DAYS, _DATES = 90, 3 * 365
_TRIES = 5
_CENTS = Decimal("0.01")
_SAME = object()


class DocumentFactory(ModelFactory[T]):
    """Makes documents and what is inside them; constraints of the model are kept.

    `until` is the latest moment that is made up.
    """

    __is_base_factory__ = True
    until: ClassVar[datetime] = datetime(2025, 1, 1, tzinfo=UTC)

    @classmethod
    def get_field_value(
        cls,
        field_meta: FieldMeta,
        field_build_parameters: Any | None = None,
        build_context: BuildContext | None = None,
    ) -> Any:
        """Return a likely value where one is known that the field takes, else polyfactory's."""
        if field_build_parameters is None and not cls.should_set_none_value(field_meta):
            kind = unwrap_annotation(field_meta.annotation)
            likely = cls._likely(kind, field_meta)
            if likely is not _SAME:
                return likely
        return super().get_field_value(field_meta, field_build_parameters, build_context)

    @classmethod
    def _likely(cls, kind: Any, field: FieldMeta) -> Any:
        rules: dict[str, Any] = dict(field.constraints or {})
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


def _fits(text: str, pattern: Any) -> bool:
    return pattern is None or re.search(pattern, text) is not None
