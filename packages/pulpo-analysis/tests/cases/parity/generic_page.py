from typing import Generic, TypeVar

from beanie import Document
from pulpo_base import datamodel, operation
from pydantic import BaseModel

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """A part of a list."""

    items: list[T]
    first: T | None = None
    total: int = 0


@datamodel
class Order(Document):
    total: int


@operation(name="generic_page.list", models_in=[Order])
async def listed() -> Page[Order]: ...


@operation(name="generic_page.names", models_in=[Order])
async def names() -> Page[str]: ...


@operation(name="generic_page.plain", models_in=[Order])
async def plain() -> Page: ...
