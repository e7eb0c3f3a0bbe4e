from beanie import Document
from pulpo_base import datamodel, operation
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Loose(BaseModel):
    model_config = ConfigDict(extra="allow", alias_generator=to_camel, populate_by_name=True)

    first_name: str
    last_name: str = Field(alias="surname")


class Tight(Loose):
    model_config = {"extra": "forbid"}

    middle_name: str = ""


class ByKeyword(BaseModel, extra="forbid", frozen=True):
    x: int


@datamodel
class Order(Document):
    model_config = ConfigDict(extra="forbid")

    total: int


@operation(name="model_config.run", models_in=[Order])
async def run(data: Tight) -> ByKeyword: ...


@operation(name="model_config.loose", models_in=[Order])
async def loose(data: Loose) -> None: ...
