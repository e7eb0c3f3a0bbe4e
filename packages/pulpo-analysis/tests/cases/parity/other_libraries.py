import dataclasses
import fractions
from typing import NamedTuple, Protocol

from bson import ObjectId
from http import HTTPStatus
from pulpo_base import operation
from pydantic import BaseModel, ConfigDict
from typing_extensions import TypedDict


@dataclasses.dataclass
class Point:
    x: int


class Row(TypedDict):
    a: int


class Cell(NamedTuple):
    a: int


class Everything(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    a: fractions.Fraction
    b: Point
    c: Row
    d: Cell
    e: HTTPStatus
    f: ObjectId
    g: type
    h: list[Point] = []


@operation(name="other_libraries.run", models_in=[])
async def run(data: Everything) -> Point: ...
