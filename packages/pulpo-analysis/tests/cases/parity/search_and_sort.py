from typing import ClassVar

from beanie import Document
from pulpo_base import DataModelBase, datamodel

TEXTS = ["name"]


class Base(Document, DataModelBase):
    name: str
    searchable_fields = TEXTS


@datamodel(ui={"icon": "x", "columns": ["name", "age"], "wide": True, "n": 1.5})
class Person(Base):
    age: int
    filterable_fields = ["age"]
    sortable_fields: ClassVar[list[str]] = [*TEXTS, "age"]
