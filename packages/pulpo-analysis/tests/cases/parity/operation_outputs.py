import datetime as dt

from beanie import Document
from pulpo_base import datamodel, operation


@datamodel
class Order(Document):
    total: int


@operation(name="operation_outputs.a")
async def a() -> int: ...


@operation(name="operation_outputs.b")
async def b() -> list[Order] | None: ...


@operation(name="operation_outputs.c")
async def c() -> dict[str, dt.date]: ...


@operation(name="operation_outputs.d")
async def d() -> "tuple[Order, int]": ...


@operation(name="operation_outputs.e")
def e(): ...


@operation(name="operation_outputs.f")
async def f(data: Order) -> Order: ...
