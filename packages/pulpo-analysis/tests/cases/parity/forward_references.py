from beanie import Document
from pulpo_base import datamodel, operation
from pydantic import BaseModel


@datamodel
class Order(Document):
    lines: "list[Line]"
    first: "Line | None" = None


class Line(BaseModel):
    parts: list["Line"] = []


Order.model_rebuild()


@operation(name="forward_references.run", models_out=["Order"])
async def run(data: "Ask") -> "Order": ...


class Ask(BaseModel):
    x: int
