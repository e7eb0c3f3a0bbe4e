"""A patient, with values of many types."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from beanie import DecimalAnnotation, Document, Indexed, Link
from pulpo_base import DataModelBase, datamodel
from pydantic import BaseModel, Field, HttpUrl

from models.owner import Owner


class Vaccination(BaseModel):
    """One injection."""

    against: Literal["rabies", "distemper", "parvo"]
    on: date
    lot: str | None = None


class Habitat(BaseModel):
    """Where it lives."""

    indoors: bool = True
    square_metres: float | None = Field(default=None, gt=0)


@datamodel(tags=["patients"], write_permissions=["patients:write"], indexes=["name", "weight_kg"])
class Animal(Document, DataModelBase):
    """A patient."""

    name: str = Field(max_length=60)
    species: Literal["dog", "cat", "axolotl"]
    owner: Link[Owner]
    mother: Link["Animal"] | None = None
    chip: Annotated[UUID | None, Indexed()] = None
    born: date | None = None
    weight_kg: DecimalAnnotation = Field(gt=0, max_digits=6, decimal_places=3)
    insured: bool = False
    photo: HttpUrl | None = None
    labels: set[str] = set()
    vaccinations: list[Vaccination] = []
    habitat: Habitat | None = None
    lab_values: dict[str, float] = {}
    raw: dict[str, Any] = {}
    notes: str = ""

    searchable_fields: ClassVar[list[str]] = ["name"]
    sortable_fields: ClassVar[list[str]] = ["name", "weight_kg"]

    class Settings:
        name = "animals"
