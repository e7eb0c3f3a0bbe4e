from typing import Annotated

from beanie import Document
from pulpo_base import datamodel
from pydantic import Field

TEXT = "From a constant"
COUNT = 3


@datamodel
class Order(Document):
    a: int = Field(...)
    b: int = Field(default=1, ge=0)
    c: list[str] = Field(default_factory=list)
    d: str = Field(alias="dd", description=TEXT)
    e: str = Field("x", title="E", examples=["y"])
    f: float = Field(1.5, multiple_of=0.5, strict=True)
    g: str = Field(default=None, validation_alias="gg")
    h: int = COUNT
    i: str | None = Field(None, exclude=True)
    j: bool = True
    k: str = 'quo"te'
    l: bytes = b"x"
    m: int = -1
    n: dict[str, int] = {}
    o: Annotated[str, Field(exclude=True)] = ""
    p: Annotated[str, Field(exclude=True)] = Field("", exclude=False)
