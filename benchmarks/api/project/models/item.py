"""The one document that every variant serves."""

from datetime import datetime
from typing import Annotated

from beanie import Document, Indexed
from pydantic import BaseModel, Field

from pulpo_base import datamodel


class Maker(BaseModel):
    name: str
    country: str


@datamodel
class Item(Document):
    """Something on a shelf."""

    sku: Annotated[str, Indexed()]
    title: str = Field(min_length=1, max_length=200)
    price: float = Field(ge=0)
    stock: int = Field(ge=0)
    labels: list[str] = Field(default_factory=list)
    maker: Maker
    created_at: datetime
    text: str = ""

    class Settings:
        name = "items"
