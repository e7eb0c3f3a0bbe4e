from pulpo_base import operation
from pydantic import BaseModel, field_validator


class Texts(BaseModel):
    a: str
    b: str

    @field_validator("*", mode="before")
    @classmethod
    def _strip(cls, value):
        return value.strip()


@operation(name="validator_of_every_field.run", models_in=[])
async def run(data: Texts) -> None: ...
