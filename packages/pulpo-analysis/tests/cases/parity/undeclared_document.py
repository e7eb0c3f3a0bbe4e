from beanie import Document, Link
from pulpo_base import datamodel


class Hidden(Document):
    x: int


@datamodel
class Shown(Document):
    hidden: Link[Hidden]
    copy_of: Hidden | None = None


class Heir(Shown):
    """A subclass is not declared by inheritance."""

    more: int
