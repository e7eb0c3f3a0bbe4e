from beanie import Document
from pulpo_base import datamodel


@datamodel
class Marked(Document):
    """Größe."""

    größe: int
