from pulpo_base import operation
from pydantic import BaseModel


class Item(BaseModel):
    name: str


class Page[T](BaseModel):
    items: list[T]
    first: T | None = None


class Items(Page[Item]):
    total: int


@operation(name="generic_class.run", models_in=[])
async def run(data: Items) -> Page[int]: ...
