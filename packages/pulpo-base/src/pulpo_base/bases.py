"""Optional base classes for user code."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

__all__ = ["DataModelBase", "OperationBase"]


class DataModelBase:
    """Optional mixin of a Beanie document: `class User(Document, DataModelBase)`.

    The lists are class variables, so that pydantic takes them for no fields; a subclass
    overrides them with or without an annotation.
    """

    searchable_fields: ClassVar[list[str]] = []
    """The text fields that a search looks into."""
    sortable_fields: ClassVar[list[str]] = []
    """The fields that lists may be sorted by; empty means every field."""

    @classmethod
    def relations(cls) -> list[dict[str, Any]]:
        """Return relations, each `{"name": …, "target": …, "cardinality": "one" | "many"}`."""
        return []

    @classmethod
    def indexes(cls) -> list[dict[str, Any]]:
        """Return indexes, each `{"fields": […], "unique": bool, "name": str}`."""
        return []


class OperationBase(ABC):
    """Base of an operation written as a class; made anew, without arguments, for each call."""

    @abstractmethod
    async def run(self, input_model: Any) -> Any:
        """Execute the operation on a validated input and return its output."""
