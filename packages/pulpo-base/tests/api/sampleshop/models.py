"""The documents of a shop: links both ways, nested models, money, validators, inheritance."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

from beanie import (
    BackLink,
    DecimalAnnotation,
    Document,
    Indexed,
    Insert,
    Link,
    Replace,
    Save,
    before_event,
)
from pydantic import (
    BaseModel,
    Field,
    SecretStr,
    computed_field,
    field_serializer,
    field_validator,
    model_validator,
)

from pulpo_base import DataModelBase, datamodel


class Status(StrEnum):
    OPEN = "open"
    PAID = "paid"


class Address(BaseModel):
    street: str = ""
    city: str = Field(min_length=2)
    zip_code: str = Field(default="", alias="zip")


class Line(BaseModel):
    sku: str
    quantity: int = Field(ge=1)
    price: DecimalAnnotation = Decimal(0)


class Timestamped(Document):
    created_at: dt.datetime = Field(default_factory=lambda: dt.datetime.now(dt.UTC), frozen=True)
    changes: int = 0

    @before_event([Insert, Replace, Save])
    def count_change(self) -> None:
        self.changes += 1


@datamodel(description="Who buys")
class Customer(Timestamped, DataModelBase):
    """Somebody who buys."""

    name: str = Field(min_length=1, max_length=50, description="What to call them")
    email: Annotated[str, Indexed(unique=True)]
    nickname: str | None = Field(default=None, alias="nickName")
    age: int | None = Field(default=None, ge=0)
    address: Address | None = None
    tags: list[str] = Field(default_factory=list)
    password: SecretStr | None = Field(default=None, exclude=True)
    is_active: bool = True
    orders: list[BackLink[Order]] = Field(
        default_factory=list, json_schema_extra={"original_field": "customer"}
    )

    searchable_fields: ClassVar[list[str]] = ["name", "email", "address.city"]
    sortable_fields: ClassVar[list[str]] = ["name", "age", "nickname", "address.city", "created_at"]
    filterable_fields: ClassVar[list[str]] = [
        "nickname",
        "age",
        "is_active",
        "tags",
        "created_at",
        "address.zip_code",
    ]

    @field_validator("email", mode="before")
    @classmethod
    def lower(cls, value: Any) -> Any:
        # Takes a pair as well, which the declared type alone would refuse.
        if isinstance(value, list):
            value = "@".join(value)
        return value.strip().lower() if isinstance(value, str) else value

    @computed_field(description="How to write to them")  # type: ignore[prop-decorator]
    @property
    def label(self) -> str:
        return f"{self.name} <{self.email}>"

    class Settings:
        name = "customers"


@datamodel(indexes=[{"fields": ["customer", "number"], "unique": True}])
class Order(Timestamped, DataModelBase):
    number: int
    customer: Link[Customer]
    products: list[Link[Product]] = Field(default_factory=list)
    gift_from: Link[Customer] | None = None
    status: Status = Status.OPEN
    lines: list[Line] = Field(default_factory=list)
    discount: DecimalAnnotation = Decimal(0)
    due: dt.date | None = None
    paid: Decimal | None = None

    sortable_fields: ClassVar[list[str]] = ["number", "due", "discount"]
    filterable_fields: ClassVar[list[str]] = [
        *("number", "status", "discount", "due", "products", "gift_from"),
        *("lines.sku", "lines.quantity"),
    ]

    @model_validator(mode="after")
    def discount_needs_lines(self) -> Order:
        if self.discount > 0 and not self.lines:
            raise ValueError("a discount needs at least one line")
        return self

    @field_serializer("due")
    def show_due(self, value: dt.date | None) -> str | None:
        return value.strftime("%d.%m.%Y") if value else None

    class Settings:
        name = "orders"


@datamodel
class Product(Document):
    id: UUID = Field(default_factory=uuid4)  # type: ignore[assignment]
    title: str
    weight: float = Field(default=1.0, gt=0)

    class Settings:
        name = "products"
        use_revision = True


@datamodel
class Country(Document):
    id: str  # type: ignore[assignment]
    title: str = ""
    population: int = 0

    class Settings:
        name = "countries"
        keep_nulls = False
