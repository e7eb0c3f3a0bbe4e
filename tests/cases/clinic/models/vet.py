"""Who treats animals: not for everybody to see."""

from beanie import Document
from pulpo_base import datamodel


@datamodel(tags=["people"], permissions=["staff:read"], write_permissions=["staff:write"])
class Vet(Document):
    """Somebody who treats animals."""

    name: str
    licence: str
    salary: float = 0

    class Settings:
        name = "staff"
