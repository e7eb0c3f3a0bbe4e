from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

from beanie import BackLink, Document, Indexed, Link
from pulpo_base import DataModelBase, datamodel
from pydantic import BaseModel, Field
from pymongo import ASCENDING, DESCENDING, IndexModel

from models.base import Address, Moment, Money, Timestamped
from models.customer import Customer

if TYPE_CHECKING:
    from models.payment import Payment
    from models.warehouse.shipment import Shipment


class OrderStatus(StrEnum):
    PLACED = "placed"
    CONFIRMED = "confirmed"
    PAID = "paid"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


class OrderLine(BaseModel):
    """One product of an order, at the price of the day it was ordered."""

    sku: str
    title: str
    quantity: int = Field(gt=0)
    unit_price: Money


@datamodel(
    tags=["sales"],
    ui={"icon": "cart"},
    ui_order=5,
    indexes=[
        {"fields": [("status", 1), ("placed_at", -1)], "name": "status_placed"},
        "placed_at",
        "total",
    ],
)
class Order(Timestamped, Document, DataModelBase):
    """What a customer wants, and how far it has come."""

    number: Annotated[str, Indexed(unique=True)]
    customer: Link[Customer]
    lines: list[OrderLine] = Field(min_length=1)
    shipping_address: Address
    status: OrderStatus = OrderStatus.PLACED
    subtotal: Money = Decimal("0.00")
    discount: Money = Decimal("0.00")
    tax: Money = Decimal("0.00")
    total: Money = Decimal("0.00")
    placed_at: Moment
    cancel_reason: str | None = None
    payments: list[BackLink["Payment"]] = Field(
        default=[], json_schema_extra={"original_field": "order"}
    )
    shipments: list[BackLink["Shipment"]] = Field(
        default=[], json_schema_extra={"original_field": "order"}
    )

    searchable_fields: ClassVar[list[str]] = ["number"]
    sortable_fields: ClassVar[list[str]] = ["number", "placed_at", "total"]

    class Settings:
        name = "orders"
        indexes = [
            IndexModel(
                [("customer.$id", ASCENDING), ("placed_at", DESCENDING)], name="customer_placed"
            )
        ]
