from typing import TYPE_CHECKING, Annotated

from beanie import BackLink, Document, Indexed, Link
from pulpo_base import datamodel
from pydantic import Field

from models.base import Timestamped

if TYPE_CHECKING:
    from models.product import Product


@datamodel(tags=["catalog"], ui_order=2)
class Category(Timestamped, Document):
    """A shelf of the shop; shelves may stand inside others."""

    slug: Annotated[str, Indexed(unique=True)] = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str
    parent: Link["Category"] | None = None
    products: list[BackLink["Product"]] = Field(
        default=[], json_schema_extra={"original_field": "category"}
    )

    class Settings:
        name = "categories"
