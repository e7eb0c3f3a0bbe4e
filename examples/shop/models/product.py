from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

from beanie import BackLink, Document, Indexed, Link
from pulpo_base import DataModelBase, datamodel
from pydantic import Field
from pymongo import ASCENDING, DESCENDING, IndexModel

from models.base import Money, Timestamped
from models.category import Category
from models.supplier import Supplier

if TYPE_CHECKING:
    from models.review import Review


class ProductStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


# pulpo: ignore[PLM019] a shop has thousands of products, not millions
@datamodel(tags=["catalog"], ui_order=3, indexes=["category.$id", "suppliers.$id"])
class Product(Timestamped, Document, DataModelBase):
    """Something that the shop sells."""

    sku: Annotated[str, Indexed(unique=True)] = Field(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*$")
    title: str = Field(min_length=1, max_length=200)
    category: Link[Category]
    suppliers: list[Link[Supplier]] = []
    cost: Money = Decimal("0.00")
    price: Money = Decimal("0.00")
    stock: int = Field(default=0, ge=0)
    status: ProductStatus = ProductStatus.ACTIVE
    labels: list[str] = []
    rating: float | None = Field(default=None, ge=1, le=5, description="Mean of the reviews.")
    reviews: list[BackLink["Review"]] = Field(
        default=[], json_schema_extra={"original_field": "product"}
    )

    searchable_fields: ClassVar[list[str]] = ["sku", "title"]
    sortable_fields: ClassVar[list[str]] = ["sku", "title", "price", "stock", "rating"]

    class Settings:
        name = "products"
        indexes = [
            IndexModel([("status", ASCENDING), ("price", DESCENDING)], name="status_price"),
            "labels",
        ]
