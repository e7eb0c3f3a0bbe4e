from functools import partial

import functools
from beanie import Document
from pulpo_base import datamodel, operation

sales = partial(operation, category="sales", tags=["s"])
read_only = functools.partial(sales, models_out=[])
stored = partial(datamodel, tags=["stored"])


@stored(ui_order=3)
class Order(Document):
    total: int


@sales(name="decorator_partial.place", models_out=[Order])
async def place() -> None: ...


@read_only(name="decorator_partial.read", models_in=[Order], tags=["own"])
async def read() -> None: ...
