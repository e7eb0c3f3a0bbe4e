from typing import Annotated

from pulpo_base import operation
from pydantic import BaseModel, Field
from typing_extensions import NotRequired, ReadOnly, Required, TypedDict


class Named(TypedDict):
    """What has a name."""

    name: Required[str]
    nick: NotRequired[Annotated[str, Field(max_length=10)]]


class Options(Named, total=False):
    size: int
    place: Required[Annotated[int, Field(ge=0, description="From the left.")]]
    parent: "Named"
    fixed: ReadOnly[Required[str]]


class Holder(BaseModel):
    options: Options
    others: list[Named] = []


@operation(name="typed_dicts.run", models_in=[])
async def run(data: Options) -> Holder: ...
