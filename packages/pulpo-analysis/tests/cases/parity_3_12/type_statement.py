from typing import Annotated

from beanie import Document, Link
from pulpo_base import datamodel
from pydantic import Field

type Money = Annotated[int, Field(ge=0)]
type Owner = Link[Person]
type Tree = list[Tree] | int


@datamodel
class Person(Document):
    name: str


@datamodel
class Account(Document):
    balance: Money
    owner: Owner
    shape: Tree = 1
