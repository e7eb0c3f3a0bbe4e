"""What many clients change at once."""

from beanie import Document
from pydantic import Field

from pulpo_base import datamodel


@datamodel
class Counter(Document):
    """Free fields, one for each patch."""

    free: dict[str, int] = Field(default_factory=dict)

    class Settings:
        name = "counters"
