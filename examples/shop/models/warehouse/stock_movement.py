from enum import StrEnum

from beanie import Document, Link
from pulpo_base import datamodel
from pydantic import Field
from pymongo import ASCENDING, IndexModel

from models.base import Timestamped
from models.order import Order
from models.product import Product


class MovementReason(StrEnum):
    RESERVED = "reserved"
    RETURNED = "returned"


@datamodel(tags=["warehouse"])
class StockMovement(Timestamped, Document):
    """Pieces that left the shelf (negative) or came back (positive), and for which order."""

    product: Link[Product]
    order: Link[Order]
    change: int = Field(description="Pieces; negative when they leave.")
    reason: MovementReason

    class Settings:
        name = "stock_movements"
        indexes = [
            IndexModel(
                [("order.$id", ASCENDING), ("product.$id", ASCENDING), ("reason", ASCENDING)],
                name="order_product_reason",
                unique=True,
            )
        ]
