from functools import partial

from beanie import Document
from pulpo_base import datamodel, operation
from pydantic import BaseModel


class Ask(BaseModel):
    x: int


class Note(Document):
    x: int


async def keep(data: Ask, times: int) -> None:
    """Keep notes."""
    for _ in range(times):
        await Note(x=data.x).insert()


def count(data: Ask) -> int:
    """Count something."""
    return data.x


datamodel(Note)
operation(name="operation_without_a_name.count")(count)

keep_two = operation(name="operation_without_a_name.keep")(partial(keep, times=2))
