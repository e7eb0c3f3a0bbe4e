from beanie import Document
from pulpo_base import datamodel


class Named:
    name: str = "x"
    label: str


@datamodel
class Order(Named, Document):
    total: int
