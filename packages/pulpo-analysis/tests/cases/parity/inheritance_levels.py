from datetime import datetime

from beanie import Document
from pulpo_base import datamodel
from pydantic import BaseModel


class Base(Document):
    created: datetime
    note: str = "base"


class Middle(Base):
    note: str = "middle"
    size: int


@datamodel
class Leaf(Middle):
    created: datetime | None = None
    colour: str
