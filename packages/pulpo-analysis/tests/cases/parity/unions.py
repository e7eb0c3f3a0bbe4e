from typing import Optional, Union

from beanie import Document
from pulpo_base import datamodel


@datamodel
class Order(Document):
    a: int | str
    b: Union[int, Union[str, None]] = None
    c: Optional[int | None] = None
    d: Optional[Union[int, float]] = None
    e: Union[int]
    f: None = None
    g: str = None
