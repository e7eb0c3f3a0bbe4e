from typing import ClassVar

from beanie import Document
from pulpo_base import datamodel
from pydantic import PrivateAttr


@datamodel
class Order(Document):
    total: int
    limit: ClassVar[int] = 3
    other: ClassVar["Order | None"] = None
    _hidden: int = 0
    _private: str = PrivateAttr("x")
    __slots_like__: int = 1
    model_config = {"title": "An order"}

    def method(self) -> int:
        return 1

    @property
    def doubled(self) -> int:
        return 2 * self.total
