from enum import StrEnum
from typing import Annotated

from beanie import Document, Indexed, Link
from pulpo_base import datamodel

from models.base import Address, Moment, Timestamped
from models.order import Order


class Carrier(StrEnum):
    POST = "post"
    COURIER = "courier"


@datamodel(tags=["warehouse"], indexes=["order.$id"])
class Shipment(Timestamped, Document):
    """A parcel on its way to a customer."""

    tracking_code: Annotated[str, Indexed(unique=True)]
    order: Link[Order]
    carrier: Carrier
    destination: Address
    shipped_at: Moment

    class Settings:
        name = "shipments"
