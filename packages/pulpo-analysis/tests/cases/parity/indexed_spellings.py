from typing import Annotated, Optional

import pymongo
from beanie import Document, Indexed
from pulpo_base import datamodel


@datamodel
class User(Document):
    a: Annotated[str, Indexed(unique=True)]
    b: Indexed(str, unique=True)
    c: Indexed(int) = 0
    d: Annotated[int, Indexed(index_type=pymongo.DESCENDING)]
    e: Annotated[Optional[str], Indexed()] = None
    g: list[Annotated[str, Indexed()]] = []
    h: Indexed(str, pymongo.TEXT)
