"""`DataModelBase`: what a Beanie document may say about itself besides its fields."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel

__all__ = ["DataModelBase"]


# A pydantic model, because pydantic takes class variables of pydantic bases only: a subclass may
# then write `searchable_fields = ["name"]` without an annotation and without making it a field.
class DataModelBase(BaseModel):
    """Optional mixin of a Beanie document: `class User(Document, DataModelBase)`."""

    searchable_fields: ClassVar[list[str]] = []
    """The text fields that a search looks into; lists may be filtered by them, too."""
    sortable_fields: ClassVar[list[str]] = []
    """The fields that lists may be sorted by, besides the id and the indexed ones."""
    filterable_fields: ClassVar[list[str]] = []
    """The fields that lists may be filtered by, besides the id and the indexed ones."""

    @classmethod
    def relations(cls) -> list[dict[str, Any]]:
        """Return relations, each `{"name": …, "target": …, "cardinality": "one" | "many"}`."""
        return []

    @classmethod
    def indexes(cls) -> list[dict[str, Any]]:
        """Return indexes, each `{"fields": […], "unique": bool, "name": str}`."""
        return []
