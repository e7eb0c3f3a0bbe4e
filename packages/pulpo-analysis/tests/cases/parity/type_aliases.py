from typing import Annotated, NewType, TypeAlias, TypeVar, Union

from beanie import Document
from pulpo_base import datamodel
from pydantic import Field
from typing_extensions import TypeAliasType

Sku = NewType("Sku", str)
Text: TypeAlias = Annotated[str, Field(max_length=9)]
Number = Union[int, float]
Numbers = list[Number]
T = TypeVar("T")
Pair = tuple[T, T]
Maybe = T | None
Later = TypeAliasType("Later", "list[int]")
Json = TypeAliasType("Json", "dict[str, Json] | list[Json] | str | None")


@datamodel
class Item(Document):
    sku: Sku
    text: Text
    more: list[Text] = []
    number: Number
    numbers: Numbers
    pair: Pair[int]
    maybe: Maybe[str] = None
    plain: Pair
    later: Later
    json_: Json = None
