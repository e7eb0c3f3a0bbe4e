from typing import Annotated, Optional

import annotated_types as at
from beanie import Document
from pulpo_base import datamodel
from pydantic import Field, PositiveInt, StringConstraints

Short = Annotated[str, Field(max_length=3)]
LIMIT = 10


@datamodel
class Order(Document):
    a: Annotated[int, Field(gt=0)]
    b: Annotated[int, Field(gt=0)] = Field(5, lt=LIMIT, description="b")
    c: Annotated[int, at.Ge(1), at.Le(9)]
    d: Annotated[int, at.Interval(gt=1, le=3)]
    e: Annotated[str, StringConstraints(min_length=1, pattern="^x")]
    f: Short
    g: Annotated[Short, Field(min_length=1)]
    h: Optional[PositiveInt] = None
    i: list[PositiveInt] = []
    j: list[Short] = Field(default_factory=list, max_length=5)
    k: Annotated[list[int], at.Len(1, 4)]
    l: Annotated[list[int], at.MaxLen(4)]
    m: Annotated[int | None, Field(ge=0)] = None
    n: PositiveInt | str = 1
    o: Annotated[str, "documentation"] = "o"
