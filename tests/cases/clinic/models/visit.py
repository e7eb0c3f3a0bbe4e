"""What was done for an animal, and what it cost."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from beanie import DecimalAnnotation, Document, Link
from pulpo_base import datamodel
from pydantic import AwareDatetime, BaseModel, Field

from models.animal import Animal
from models.vet import Vet


class Dose(BaseModel):
    amount: DecimalAnnotation = Field(gt=0, decimal_places=2, max_digits=8)
    unit: Literal["mg", "ml"] = "mg"


class Medication(BaseModel):
    """Something to take."""

    kind: Literal["medication"] = "medication"
    drug: str
    doses: list[Dose] = Field(min_length=1)


class Surgery(BaseModel):
    """Something under anaesthesia."""

    kind: Literal["surgery"] = "surgery"
    procedure: str
    started: AwareDatetime
    surgeon: str | None = None


class Advice(BaseModel):
    """Something to know."""

    kind: Literal["advice"] = "advice"
    text: str = Field(max_length=2000)


Treatment = Annotated[Medication | Surgery | Advice, Field(discriminator="kind")]


@datamodel(tags=["patients"], indexes=["at"])
class Visit(Document):
    """An animal was here."""

    animal: Link[Animal]
    vets: list[Link[Vet]] = []
    at: AwareDatetime
    next_at: datetime | None = None
    took: timedelta = timedelta(minutes=20)
    treatments: list[Treatment] = []
    follow_up: Treatment | None = None
    fee: DecimalAnnotation = Field(ge=0, max_digits=10, decimal_places=2)
    summary: str = Field(default="", json_schema_extra={"ui": {"widget": "textarea"}})

    class Settings:
        name = "visits"
