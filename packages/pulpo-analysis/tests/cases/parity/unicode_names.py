from beanie import Document
from pulpo_base import datamodel, operation


@datamodel
class Größe(Document):
    """Wie groß."""

    länge: int
    名前: str = "名"


@operation(name="größe.messen", models_in=[Größe])
async def messen(daten: Größe) -> Größe: ...
