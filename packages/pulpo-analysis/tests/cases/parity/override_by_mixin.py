from pulpo_base import operation
from pydantic import BaseModel


class A(BaseModel):
    x: int = 1
    only_a: str


class B(BaseModel):
    x: str = "b"
    only_b: str


class AB(A, B):
    pass


class BA(B, A):
    x: float


@operation(name="override_by_mixin.run", models_in=[])
async def run(data: AB) -> BA: ...
