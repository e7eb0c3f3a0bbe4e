from pulpo_base import operation
from pydantic import BaseModel, ConfigDict, Field


class Documented(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)

    a: int
    """What a is."""

    b: int = Field(1, description="Wins")
    """Loses."""


class Not(BaseModel):
    a: int
    """A note for readers only."""


@operation(name="attribute_docstrings.run", models_in=[])
async def run(data: Documented) -> Not: ...
