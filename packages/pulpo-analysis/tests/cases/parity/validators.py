from typing import Annotated, Any

from beanie import Document
from pulpo_base import datamodel
from pydantic import (
    AfterValidator,
    BeforeValidator,
    PlainValidator,
    WrapValidator,
    field_validator,
    model_validator,
)


def split(value: Any) -> Any:
    return value.split(",") if isinstance(value, str) else value


Words = Annotated[list[str], BeforeValidator(split)]


class Base(Document):
    inherited: int
    untouched: int

    @field_validator("inherited", mode="before")
    @classmethod
    def _number(cls, value: Any) -> Any:
        return int(value)


@datamodel
class Order(Base):
    words: Words
    upper: Annotated[str, AfterValidator(str.upper)]
    plain: Annotated[int, PlainValidator(int)] = 1
    wrapped: Annotated[int, WrapValidator(lambda v, h: h(v))] = 2
    before: int
    after: int
    both: int

    @field_validator("before", "both", mode="before")
    @classmethod
    def _before(cls, value: Any) -> Any:
        return value

    @field_validator("after", "both")
    @classmethod
    def _after(cls, value: int) -> int:
        return value

    @model_validator(mode="after")
    def _all(self) -> "Order":
        return self
