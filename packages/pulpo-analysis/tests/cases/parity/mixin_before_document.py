from beanie import Document
from pulpo_base import datamodel
from pydantic import BaseModel


class Stamped(BaseModel):
    stamp: int


@datamodel
class Order(Stamped, Document):
    total: int
