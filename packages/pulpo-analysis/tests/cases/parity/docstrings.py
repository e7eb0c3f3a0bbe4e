from beanie import Document
from pulpo_base import datamodel, operation


@datamodel
class Order(Document):
    """An order.

    Indented:
        once more.
    """

    total: int


@datamodel(description="By argument.")
class Other(Document):
    """Not by this."""


class Base(Document):
    """Of the base."""


@datamodel
class Without(Base):
    x: int


@operation(name="docstrings.run")
async def run() -> None:
    '''Runs "it".'''
