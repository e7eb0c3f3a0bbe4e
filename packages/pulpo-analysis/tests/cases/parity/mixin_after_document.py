from beanie import Document
from pulpo_base import DataModelBase, datamodel
from pydantic import BaseModel


class Stamped(BaseModel):
    stamp: int


class Owned(BaseModel):
    owner: str


@datamodel
class Order(Document, DataModelBase, Stamped, Owned):
    total: int
    searchable_fields = ["owner"]
