from beanie import Document
from pulpo_base import datamodel, operation
from pydantic import BaseModel


@datamodel
class Order(Document):
    total: int


class Ask(BaseModel):
    amount: int


class Told(BaseModel):
    total: int


@operation(
    name="sales.first",
    description="First of all.",
    category="sales",
    inputs=Ask,
    outputs=list[Told],
    tags=["a", "b"],
    permissions=("p",),
    async_enabled=True,
    models_in=[],
    models_out=[Order, "Order"],
    stage=1,
    retries=3,
    timeout=2.5,
    schedule="0 * * * *",
)
def first(data):
    return []


@operation(
    name="sales.second",
    after=first,
    bind={"amount": "sales.first.total"},
    stage="late",
    in_flow=False,
)
async def second(data: Ask) -> None: ...


@operation(name="sales.third", after=["sales.first", second], models_in=(Order,))
async def third(): ...


@operation(name="sales.fourth", after="sales.third", outputs=Told)
async def fourth() -> dict: ...
