from decimal import Decimal

from beanie import PydanticObjectId
from pydantic import BaseModel, Field

from models.base import Money


class SupplierRow(BaseModel):
    code: str = Field(pattern=r"^[A-Z0-9]{2,12}$")
    name: str
    lead_days: int = Field(default=7, ge=0)


class ImportSuppliers(BaseModel):
    suppliers: list[SupplierRow]


class ImportedSuppliers(BaseModel):
    supplier_codes: list[str]


class CategoryRow(BaseModel):
    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str


class ImportCategories(BaseModel):
    categories: list[CategoryRow]


class ImportedCategories(BaseModel):
    category_slugs: list[str]


class Feed(BaseModel):
    feed: str = Field(
        description="CSV with the columns sku, title, category, supplier, cost and stock."
    )


class ProductRow(BaseModel):
    sku: str
    title: str
    category: str = Field(description="The slug of a category.")
    supplier: str = Field(description="The code of a supplier.")
    cost: Money
    stock: int = Field(ge=0)


class ParsedFeed(BaseModel):
    rows: list[ProductRow]


class ImportProducts(BaseModel):
    # pulpo: ignore[PLB009] an empty feed is a mistake, and stops the flow before it writes
    products: list[ProductRow] = Field(min_length=1)


class ImportedProducts(BaseModel):
    skus: list[str]


class SetPrices(BaseModel):
    skus: list[str]
    markup_percent: Decimal = Field(default=Decimal(40), ge=0, le=500)


class PricedProducts(BaseModel):
    priced: int


class RefreshRatings(BaseModel):
    skus: list[str]


class RatedProducts(BaseModel):
    rated: int


class PublishProducts(BaseModel):
    skus: list[str]


class PublishedProducts(BaseModel):
    published: list[str]
    held_back: list[str] = Field(description="Products without a price.")


class NewReview(BaseModel):
    customer_id: PydanticObjectId
    sku: str
    stars: int = Field(ge=1, le=5)
    text: str = Field(default="", max_length=2000)


class AddedReview(BaseModel):
    review_id: PydanticObjectId
