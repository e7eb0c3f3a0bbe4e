import functools
from collections.abc import Awaitable, Callable

from pulpo_base import operation
from pydantic import BaseModel


class Ask(BaseModel):
    x: int


def logged(function: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    @functools.wraps(function)
    async def inner(*args: object) -> None:
        await function(*args)

    return inner


@operation(name="operation_wrapped.inside", models_in=[])
@logged
async def inside(data: Ask) -> None:
    """Wrapped before it is declared."""


@logged
@operation(name="operation_wrapped.outside", models_in=[])
async def outside(data: Ask) -> None:
    """Wrapped after it is declared."""
