from beanie import Document
from pulpo_base import datamodel


@datamodel
class Windows(Document):
    """Two
    lines."""

    größe: int; after: str = "x"
