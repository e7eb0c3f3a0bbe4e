from beanie import Document, Link
from pulpo_base import datamodel
from pydantic import Field
from pymongo import ASCENDING, IndexModel

from models.base import Timestamped
from models.customer import Customer
from models.product import Product


@datamodel(tags=["catalog"], indexes=["customer.$id"])
class Review(Timestamped, Document):
    """What a customer thinks of a product; one review for each of the two."""

    product: Link[Product]
    customer: Link[Customer]
    stars: int = Field(ge=1, le=5)
    text: str = Field(default="", max_length=2000)

    class Settings:
        name = "reviews"
        indexes = [
            IndexModel(
                [("product.$id", ASCENDING), ("customer.$id", ASCENDING)],
                name="one_review_each",
                unique=True,
            )
        ]
