from enum import Enum, Flag, IntEnum, IntFlag, StrEnum, auto, unique

from beanie import Document
from pulpo_base import datamodel


class Status(StrEnum):
    NEW = auto()
    PAID = "paid"
    SAME = "paid"
    LATEST = PAID


@unique
class Level(IntEnum):
    LOW = auto()
    HIGH = 10
    TOP = auto()


class Old(str, Enum):
    A = "a"
    B = "b"

    def shown(self) -> str:
        return self.value.upper()


class Mixed(Enum):
    ONE = 1
    TWO = "two"
    THREE = (1, 2)
    YES = True
    HALF = 0.5


class Rights(Flag):
    READ = auto()
    WRITE = auto()
    RUN = auto()


class Bits(IntFlag):
    A = 1
    B = 2


LAST = "last"


class FromConstant(StrEnum):
    LAST = LAST
    JOINED = "a" "b"


@datamodel
class Order(Document):
    a: Status = Status.NEW
    b: Level | None = None
    c: list[Old] = [Old.A]
    d: dict[str, Mixed] = {}
    e: Rights = Rights.READ
    f: Bits = Bits.A
    g: FromConstant = FromConstant.LAST
