from enum import StrEnum
from typing import Annotated, ClassVar

from beanie import Document, Indexed, Link
from pulpo_base import DataModelBase, datamodel

from models.base import Moment, Money, Timestamped
from models.customer import Customer
from models.order import Order


class PaymentMethod(StrEnum):
    CARD = "card"
    INVOICE = "invoice"
    TRANSFER = "transfer"


@datamodel(tags=["sales"], ui_order=6, indexes=["order.$id", "amount", "paid_at"])
class Payment(Timestamped, Document, DataModelBase):
    """Money received for an order."""

    reference: Annotated[str, Indexed(unique=True)]
    order: Link[Order]
    customer: Link[Customer]
    method: PaymentMethod
    amount: Money
    paid_at: Moment
    rewarded_at: Moment | None = None

    filterable_fields: ClassVar[list[str]] = ["amount", "paid_at"]

    class Settings:
        name = "payments"
