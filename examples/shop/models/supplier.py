from typing import TYPE_CHECKING, Annotated

from beanie import BackLink, Document, Indexed
from pulpo_base import datamodel
from pydantic import Field

from models.base import Address, Timestamped

if TYPE_CHECKING:
    from models.product import Product


@datamodel(tags=["catalog"], ui_order=4)
class Supplier(Timestamped, Document):
    """Somebody whom the shop buys from."""

    code: Annotated[str, Indexed(unique=True)] = Field(pattern=r"^[A-Z0-9]{2,12}$")
    name: str
    address: Address | None = None
    lead_days: int = Field(default=7, ge=0)
    products: list[BackLink["Product"]] = Field(
        default=[], json_schema_extra={"original_field": "suppliers"}
    )

    class Settings:
        name = "suppliers"
