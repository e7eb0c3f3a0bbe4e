import sys

from beanie import Document
from pulpo_base import datamodel, operation

if sys.version_info >= (3, 8):
    from typing import Literal

    Kind = Literal["new"]
else:
    Kind = str

if sys.version_info < (3, 0):
    COLLECTION = "old"
elif sys.platform == "nowhere" or sys.version_info[0] < 3:
    COLLECTION = "other"
else:
    COLLECTION = "current"


if not sys.version_info >= (3, 8):

    @datamodel
    class Order(Document):
        never: str

else:

    @datamodel
    class Order(Document):
        kind: Kind

        class Settings:
            name = COLLECTION


if __name__ == "__main__":

    @operation(name="conditional_version.never")
    async def never() -> None: ...
