from pulpo_base import operation
from pydantic import BaseModel


class Root(BaseModel):
    x: int
    y: int = 0


class Left(Root):
    a: str


class Right(Root):
    x: str
    b: str


class Both(Left, Right):
    z: int


@operation(name="diamond.run", models_in=[])
async def run(data: Both) -> None: ...
