import datetime as dt
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from beanie import DecimalAnnotation, Document, PydanticObjectId
from pulpo_base import datamodel
from pydantic import (
    UUID4,
    AnyUrl,
    AwareDatetime,
    EmailStr,
    HttpUrl,
    Json,
    NonNegativeFloat,
    PastDate,
    SecretStr,
    StrictInt,
    StrictStr,
)


@datamodel
class Order(Document):
    a: UUID4
    b: StrictInt
    c: EmailStr
    d: HttpUrl
    e: SecretStr
    f: AwareDatetime
    g: PastDate
    h: NonNegativeFloat = 0
    i: AnyUrl
    j: Json
    k: DecimalAnnotation
    l: PydanticObjectId
    m: dt.timedelta
    n: dt.time
    o: UUID
    p: Path
    q: complex
    r: StrictStr
    s: list[DecimalAnnotation] = []
    t: DecimalAnnotation | None = None


from pydantic import BaseModel
from pulpo_base import operation


class Plain(BaseModel):
    price: Decimal


@operation(name="strict_types.run", models_in=[])
async def run(data: Plain) -> None: ...
