from typing import Annotated, NamedTuple

from pulpo_base import operation
from pydantic import BaseModel, Field


class Point(NamedTuple):
    x: int
    y: Annotated[int, Field(ge=0)] = 0

    def moved(self) -> "Point":
        return self


class Spot(Point):
    """A point with a name of its own."""


class Area(BaseModel):
    corners: list[Point]
    middle: Spot | None = None


@operation(name="named_tuples.run", models_in=[])
async def run(data: Area) -> Point: ...
