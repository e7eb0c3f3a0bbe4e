from functools import cached_property

from beanie import Document
from pulpo_base import datamodel, operation
from pydantic import BaseModel, computed_field


class Line(BaseModel):
    price: int
    count: int

    @computed_field
    @property
    def total(self) -> int:
        """Price times count."""
        return self.price * self.count

    @computed_field(alias="asText", description="As text.")
    @cached_property
    def text(self) -> str:
        return str(self.total)

    @computed_field(return_type=list[int])
    def digits(self):
        return [1]

    @property
    def not_given_out(self) -> str:
        return ""


class Better(Line):
    @computed_field
    @property
    def total(self) -> float:
        return 1.0

    @computed_field
    @property
    def me(self) -> "Better | None":
        return None


@datamodel
class Order(Document):
    lines: list[Line]

    @computed_field
    @property
    def count(self) -> int:
        return len(self.lines)


@operation(name="computed_fields.run", models_in=[Order])
async def run(data: Better) -> None: ...
