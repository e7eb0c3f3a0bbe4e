from typing import *  # noqa: F403

from beanie import *  # noqa: F403
from pulpo_base import *  # noqa: F403
from pydantic import *  # noqa: F403


class Line(BaseModel):  # noqa: F405
    count: PositiveInt = Field(1, description="How many")  # noqa: F405


@datamodel(tags=["starred"])  # noqa: F405
class Order(Document):  # noqa: F405
    lines: List[Line]  # noqa: F405
    before: Optional[Link["Order"]] = None  # noqa: F405


@operation(name="star.read", models_in=[Order])  # noqa: F405
async def read(data: Line) -> Line: ...
