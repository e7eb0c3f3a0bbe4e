import dataclasses
from dataclasses import KW_ONLY, InitVar, dataclass, field
from typing import Annotated, ClassVar

from pulpo_base import operation
from pydantic import Field, computed_field, field_validator
from pydantic.dataclasses import dataclass as checked


@dataclass
class Place:
    """Where it is."""

    street: str
    number: Annotated[int, Field(gt=0, description="Of the house.")] = 1


class Heir(Place):
    ignored: int = 3


@dataclasses.dataclass(order=True)
class Parcel(Place):
    _note: str = ""
    number: int = 7
    items: list[Place] = field(default_factory=list, metadata={"description": "Inside.", "max_length": 5})
    weight: float = Field(default=1.5, gt=0, alias="kg")
    code: int = field(default=7, init=False)
    made: int = field(init=False)
    seed: InitVar[int] = 5
    kind: ClassVar[str] = "parcel"
    _: KW_ONLY
    sender: "Place | None" = field(default=None)

    def __post_init__(self, seed: int) -> None: ...

    @field_validator("street", mode="before")
    @classmethod
    def stripped(cls, value: object) -> object:
        return value

    @computed_field
    @property
    def double(self) -> int:
        return 2 * self.number


@checked
class Label:
    text: str = Field(max_length=20)
    at: Heir | None = None


@operation(name="dataclasses_as_types.send", models_in=[])
async def send(data: Parcel) -> list[Label]: ...
