from typing import Generic, TypeVar

from beanie import Document
from pulpo_base import datamodel
from pydantic import BaseModel

Item = TypeVar("Item")


class Box(BaseModel, Generic[Item]):
    inside: Item
    nested: "Box[Item] | None" = None


class Toy(BaseModel):
    name: str


@datamodel
class Shelf(Document):
    toys: Box[Toy]
    many: list[Box[int]] = []
