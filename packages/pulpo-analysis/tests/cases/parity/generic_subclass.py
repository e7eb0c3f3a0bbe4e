from typing import Generic, TypeVar

from pulpo_base import operation
from pydantic import BaseModel

T = TypeVar("T")
K = TypeVar("K", bound=str)


class Pair(BaseModel, Generic[K, T]):
    key: K
    value: T


class Named(Pair[str, T], Generic[T]):
    extra: list[T] = []


class Counted(Named[int]):
    total: int


@operation(name="generic_subclass.run", models_in=[])
async def run(data: Counted) -> Named[dict[str, int]]: ...


@operation(name="generic_subclass.free", models_in=[])
async def free(data: Counted) -> Pair: ...
