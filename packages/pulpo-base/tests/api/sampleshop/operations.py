"""Operations whose inputs and outputs hold documents."""

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
