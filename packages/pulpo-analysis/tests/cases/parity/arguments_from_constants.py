from enum import StrEnum

from beanie import Document
from pulpo_base import datamodel, operation


class Right(StrEnum):
    WRITE = "orders:write"


class Limits:
    TRIES = 3


FLOW = "constants"
TAGS = ["a", "b"]
MORE = [*TAGS, "c"]
UI = {"icon": "box"}
NAMED = {"tags": ["a", "b"], "tries": (1, 2)}


@datamodel(tags=MORE, ui={**UI, "wide": True, "right": Right.WRITE}, ui_order=["total"])
class Order(Document):
    total: int


MODELS = [Order]


@operation(
    name=f"{FLOW}.place",
    tags=TAGS + ["z"],
    permissions=[Right.WRITE, Right.WRITE.value],
    retries=Limits.TRIES,
    models_out=MODELS,
    category=FLOW + "-x",
)
async def place() -> None: ...


@operation(name=FLOW + ".ship", after=[place], models_in=[*MODELS], timeout=60 * 2)
async def ship() -> None: ...


@operation(name=FLOW + ".bill", tags=NAMED["tags"], retries=NAMED["tries"][-1])
async def bill() -> None: ...
