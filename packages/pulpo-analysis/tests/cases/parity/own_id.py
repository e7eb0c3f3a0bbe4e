from uuid import UUID, uuid4

from beanie import Document
from pulpo_base import datamodel
from pydantic import BaseModel, Field


class Named(BaseModel):
    id: str


@datamodel
class ByUuid(Document):
    name: str
    id: UUID = Field(default_factory=uuid4)


@datamodel
class ByName(Document, Named):
    x: int


@datamodel
class NamedFirst(Named, Document):
    x: int
