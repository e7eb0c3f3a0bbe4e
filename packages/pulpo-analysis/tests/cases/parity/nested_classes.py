from beanie import Document
from pulpo_base import datamodel, operation
from pydantic import BaseModel


class Shop:
    class Line(BaseModel):
        class Part(BaseModel):
            name: str

        parts: list[Part]

    @datamodel
    class Order(Document):
        lines: "list[Shop.Line]"


class Address(BaseModel):
    class Point(BaseModel):
        x: float

    point: Point
    other: "Address.Point | None" = None


class Special(Address.Point):
    y: float


Shop.Order.model_rebuild()


@operation(name="nested_classes.run", models_in=[Shop.Order])
async def run(data: Address) -> Special: ...
