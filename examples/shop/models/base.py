"""What several models share. Nothing here is a model of its own."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from beanie import (
    DecimalAnnotation,
    Document,
    Insert,
    PydanticObjectId,
    Replace,
    Save,
    before_event,
)
from pydantic import AfterValidator, BaseModel, Field


def in_utc(moment: datetime) -> datetime:
    """Return the moment in UTC; MongoDB stores UTC and gives it back without saying so."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def now() -> datetime:
    return datetime.now(UTC)


def cents(amount: Decimal) -> Decimal:
    """Round to the cent, halves up, as an invoice does."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def id_of(document: Document) -> PydanticObjectId:
    """Return the id of a document that is in the database."""
    if document.id is None:
        raise ValueError(f"This {type(document).__name__} has no id yet: insert it first.")
    return document.id


Moment = Annotated[datetime, AfterValidator(in_utc)]
Money = Annotated[DecimalAnnotation, Field(ge=0, max_digits=12, decimal_places=2)]


class Timestamped(BaseModel):
    """Adds when a document was made and last written."""

    created_at: Moment = Field(default_factory=now)
    updated_at: Moment = Field(default_factory=now)

    @before_event(Insert, Replace, Save)
    def touch(self) -> None:
        self.updated_at = now()


class Address(BaseModel):
    street: str
    city: str
    postal_code: str
    country: str = Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")
