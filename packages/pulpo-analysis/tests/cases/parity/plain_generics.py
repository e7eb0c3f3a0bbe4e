from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from pulpo_base import operation
from typing_extensions import TypedDict

T = TypeVar("T")
U = TypeVar("U")


@dataclass
class Page(Generic[T]):
    items: list[T]
    first: T | None = None


@dataclass
class Numbers(Page[int]):
    total: int = 0


@dataclass
class Pairs(Page[tuple[T, U]], Generic[T, U]):
    last: U | None = None


class Envelope(TypedDict, Generic[T]):
    body: T


class Cell(NamedTuple, Generic[T]):
    value: T


@dataclass
class Answer:
    numbers: Numbers
    texts: Page[str]
    pairs: Pairs[str, int]
    envelope: Envelope[Page[float]]
    cell: Cell[str]
    rest: list[Page[Cell[int]]] = field(default_factory=list)


@operation(name="plain_generics.run", models_in=[])
async def run(data: Answer) -> Envelope[int]: ...
