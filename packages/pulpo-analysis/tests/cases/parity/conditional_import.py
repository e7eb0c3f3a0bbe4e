from beanie import Document
from pulpo_base import datamodel

try:
    from typing import Annotated
except ImportError:
    from typing_extensions import Annotated

try:
    from enum import StrEnum
except ImportError:
    from enum import Enum

    class StrEnum(str, Enum):
        pass


try:
    import datetime as time_library
except ImportError:
    time_library = None


class Kind(StrEnum):
    A = "a"


@datamodel
class Order(Document):
    kind: Annotated[Kind, "kind"]
    at: time_library.datetime
