"""Operations whose inputs and outputs hold documents."""

import asyncio

from fastapi import HTTPException
from pydantic import BaseModel, Field

from pulpo_base import operation
from sampleshop.models import Customer, Order


class PlaceOrder(BaseModel):
    customer_email: str
    number: int = Field(ge=1)


class PlacedOrder(BaseModel):
    order: Order
    customers: list[Customer]
    note: str | None = None


@operation(name="orders.place")
async def place_order(data: PlaceOrder) -> PlacedOrder:
    customer = await Customer.find_one({"email": data.customer_email})
    if customer is None:
        raise LookupError(data.customer_email)
    order = await Order(number=data.number, customer=customer).insert()
    return PlacedOrder(order=order, customers=[customer])


@operation(name="customers.oldest")
async def oldest_customer() -> Customer | None:
    return await Customer.find_all().sort("-age").first_or_none()


@operation(name="sums.add")
def add(data: list[int]) -> int:
    return sum(data)


class Rename(BaseModel):
    customer: Customer
    name: str


@operation(name="customers.rename")
async def rename(data: Rename) -> Customer:
    data.customer.name = data.name
    return await data.customer.save()


@operation(name="orders.count_lines")
async def count_lines(data: Order) -> int:
    return len(data.lines)


class Wait(BaseModel):
    seconds: float = Field(default=0, ge=0)
    fail: str = ""


@operation(name="orders.wait", async_enabled=True)
async def wait(data: Wait) -> Customer | None:
    """Take as long as told, and end as told."""
    await asyncio.sleep(data.seconds)
    if data.fail == "expected":
        raise HTTPException(409, "not now")
    if data.fail:
        raise RuntimeError(data.fail)
    return await Customer.find_all().first_or_none()
