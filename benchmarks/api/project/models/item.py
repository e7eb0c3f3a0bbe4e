"""The one document that every variant serves."""

from datetime import datetime
from typing import Annotated

from beanie import Document, Indexed
from pulpo_base import datamodel
from pydantic import BaseModel, Field


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
    labels: list[str] = []
    maker: Maker
    created_at: datetime
    text: str = ""

    class Settings:
        name = "items"
