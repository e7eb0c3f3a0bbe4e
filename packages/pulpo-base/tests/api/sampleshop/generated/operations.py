"""Every operation over HTTP."""

from fastapi import APIRouter

from pulpo_base import invoke
from pulpo_base.api import BackgroundRoute, OperationRoute
from sampleshop.generated.documents import Customer, Order
from sampleshop.operations import (
    PlacedOrder,
    PlaceOrder,
    Rename,
    Wait,
    add,
    count_lines,
    oldest_customer,
    place_order,
    rename,
    wait,
)

router = APIRouter(prefix="/api/operations", route_class=OperationRoute)
background = APIRouter(prefix="/api/operations", route_class=BackgroundRoute)


@router.post("/orders.place", operation_id="orders_place", tags=["orders"])
async def orders_place(data: PlaceOrder) -> PlacedOrder:
    result: PlacedOrder = await invoke(place_order, data)
    return result


@router.post("/customers.oldest", operation_id="customers_oldest", tags=["customers"])
async def customers_oldest() -> Customer | None:
    result: Customer | None = await invoke(oldest_customer)
    return result


@router.post("/sums.add", operation_id="sums_add", tags=["sums"])
async def sums_add(data: list[int]) -> int:
    result: int = await invoke(add, data)
    return result


@router.post("/customers.rename", operation_id="customers_rename", tags=["customers"])
async def customers_rename(data: Rename) -> Customer:
    result: Customer = await invoke(rename, data)
    return result


@router.post("/orders.count_lines", operation_id="orders_count_lines", tags=["orders"])
async def orders_count_lines(data: Order) -> int:
    result: int = await invoke(count_lines, data)
    return result


@background.post("/orders.wait", operation_id="orders_wait", tags=["orders"])
async def orders_wait(data: Wait) -> Customer | None:
    result: Customer | None = await invoke(wait, data)
    return result
