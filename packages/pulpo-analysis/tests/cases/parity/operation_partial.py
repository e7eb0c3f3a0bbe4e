from functools import partial

from pulpo_base import operation
from pydantic import BaseModel


class Ask(BaseModel):
    x: int


async def _place(data: Ask, channel: str) -> None:
    """Place it."""


place_on_web = operation(name="operation_partial.web", models_in=[])(
    partial(_place, channel="web")
)


def _made(data: Ask) -> int:
    """Make it."""


made = operation(name="operation_partial.made", models_in=[])(_made)


def again(data: Ask) -> Ask: ...


again = operation(name="operation_partial.again", models_in=[], after=[made, place_on_web])(again)
