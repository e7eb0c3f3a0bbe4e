from typing import Literal

from beanie import Document
from pulpo_base import datamodel
from typing_extensions import Literal as More

Size = Literal["s", "m"]


@datamodel
class Shirt(Document):
    size: Size
    fit: Literal["a", 1, True, None] = "a"
    cut: More["x"] = "x"
    all: list[Literal["x", "y"]] = []
    either: Literal["a"] | int = 1
