"""What `db seed` makes up: values that the types and constraints of fields allow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, NamedTuple, NotRequired

import pytest
from beanie import Document, Indexed
from polyfactory.factories.pydantic_factory import ModelFactory
from pydantic import BaseModel, Field, StringConstraints
from typing_extensions import TypedDict

from pulpo_base.database import connected
from pulpo_base.database.seeding.factory import DocumentFactory
from pulpo_base.database.seeding.links import SeedError
from pulpo_base.database.seeding.seed import seed

Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ]{6,20}$")]
UNTIL = datetime(2026, 1, 1, tzinfo=UTC)


class Size(NamedTuple):
    width: Annotated[int, Field(ge=1, le=9)]
    depth: float = 1.0


class Packing(TypedDict):
    sizes: list[Size]
    layers: NotRequired[Annotated[int, Field(ge=1, le=3)]]


@dataclass
class Stamp:
    cents: Annotated[int, Field(multiple_of=5)]
    colour: str = "red"


class Parcel(BaseModel):
    phone: Phone | None
    mobile: Annotated[str | None, Field(pattern="^0[0-9]{5}$")]
    weight: int | None = Field(ge=300, le=400)
    size: Size
    packing: Packing
    stamp: Stamp
    code: Indexed(str, unique=True)  # type: ignore[valid-type]


class Place(Document):
    at: dict[str, Any]

    class Settings:
        name = "places"
        indexes: ClassVar = [[("at", "2dsphere")]]


class PlaceFactory(ModelFactory[Place]):
    __model__ = Place

    at: ClassVar = {"type": "Point", "coordinates": [1000.0, 0.0]}


def test_optional_fields_and_plain_records_keep_to_their_constraints() -> None:
    factory = DocumentFactory.create_factory(Parcel)
    factory.seed_random(3)
    made = factory.batch(30)
    assert all(one.phone is None or len(one.phone) >= 6 for one in made)
    assert {one.weight is None for one in made} == {True, False}
    assert all(1 <= one.size.width <= 9 for one in made)
    assert all(1 <= size.width <= 9 for one in made for size in one.packing["sizes"])
    assert all(type(one.code) is str and one.code for one in made)
    assert {"layers" in one.packing for one in made} == {True, False}
    assert all(one.stamp.cents % 5 == 0 for one in made)


async def test_what_the_database_refuses_asks_for_a_factory(
    mongodb_url: str, database_name: str
) -> None:
    async with connected(mongodb_url, database_name, [Place]):
        with pytest.raises(SeedError, match="no Place can be made up: MongoDB refuses it") as error:
            await seed([Place], count=1, number=1, until=UNTIL, own={Place: PlaceFactory})
    assert "write a factory for Place" in (error.value.hint or "")
