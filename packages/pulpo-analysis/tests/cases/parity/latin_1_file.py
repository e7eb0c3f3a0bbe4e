# -*- coding: latin-1 -*-
from beanie import Document
from pulpo_base import datamodel


@datamodel
class Latin(Document):
    """Größe."""

    größe: int
    text: str = "ä"; more: int = 1
