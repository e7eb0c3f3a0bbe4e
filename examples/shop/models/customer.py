from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

from beanie import BackLink, Document, Indexed
from pulpo_base import DataModelBase, datamodel
from pydantic import Field

from models.base import Address, Timestamped

if TYPE_CHECKING:
    from models.order import Order
    from models.review import Review


class Tier(StrEnum):
    STANDARD = "standard"
    GOLD = "gold"


# pulpo: ignore[PLM014] people register by the API
@datamodel(
    tags=["sales"], ui={"icon": "user"}, ui_order=1, indexes=["name", "created_at", "points"]
)
class Customer(Timestamped, Document, DataModelBase):
    """Somebody who buys."""

    email: Annotated[str, Indexed(unique=True)] = Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    name: str = Field(min_length=1, max_length=200)
    address: Address
    tier: Tier = Tier.STANDARD
    points: int = Field(default=0, ge=0)
    orders: list[BackLink["Order"]] = Field(
        default=[], json_schema_extra={"original_field": "customer"}
    )
    reviews: list[BackLink["Review"]] = Field(
        default=[], json_schema_extra={"original_field": "customer"}
    )

    searchable_fields: ClassVar[list[str]] = ["name", "email"]
    sortable_fields: ClassVar[list[str]] = ["name", "email", "created_at", "points"]

    class Settings:
        name = "customers"
