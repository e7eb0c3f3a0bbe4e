import math
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Final

from beanie import Document
from pulpo_base import datamodel

ONE = 1
NAME = "n"
LOW, (HIGH, _) = 1, (9, 0)
SCALE = 1.5


class Limits:
    MOST = 9


@datamodel
class Order(Document):
    a: int = ONE
    b: str = NAME
    c: float = SCALE
    d: int = Limits.MOST
    e: int = 2 + 3
    f: float = -1.5
    g: str = "größe"
    h: bool = False
    i: list[int] = [1]
    j: str = f"{NAME}-x"
    k: int = 60 * 60
    l: int = 1_000
    m: Final = 3
    n: Final[int] = 3
    o: Final[int]
    p: Annotated[Final[int], "said"] = 3
    q: int = LOW
    if TYPE_CHECKING:
        r: int
    else:
        s: str = "a"
