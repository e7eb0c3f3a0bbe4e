from enum import IntEnum, auto


class Level(IntEnum):
    LOW = auto()
    HIGH = auto()
