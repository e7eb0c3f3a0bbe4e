import fractions

from bson import ObjectId
from http import HTTPStatus
from pulpo_base import operation
from pydantic import BaseModel, ConfigDict


class Point:
    x: int


class Everything(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    a: fractions.Fraction
    b: Point
    e: HTTPStatus
    f: ObjectId
    g: type
    h: list[Point] = []


@operation(name="other_libraries.run", models_in=[])
async def run(data: Everything) -> Point: ...
