from typing import Any

from pulpo_base import operation
from pydantic import BaseModel, RootModel


class Names(RootModel[list[str]]):
    """A list of names."""


class Holder(BaseModel):
    names: Names
    anything: Any = None


@operation(name="model_and_root_model.run", models_in=[])
async def run(data: Holder) -> Names: ...
