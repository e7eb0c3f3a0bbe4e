"""Who brings an animal."""

from datetime import date
from enum import Enum, IntEnum
from typing import Annotated, ClassVar

from beanie import Document, Indexed
from pulpo_base import DataModelBase, datamodel
from pydantic import Field


class Channel(Enum):
    EMAIL = "e-mail"
    PHONE = "phone"
    LETTER = "letter"


class Standing(IntEnum):
    NEW = 0
    KNOWN = 1
    BARRED = 9


@datamodel(tags=["people"], ui={"icon": "user"}, indexes=["full_name", "since"])
class Owner(Document, DataModelBase):
    """Somebody who brings animals."""

    full_name: str = Field(min_length=2, title="Name in full")
    vat_id: Annotated[str | None, Indexed(unique=True, sparse=True)] = None
    channel: Channel = Channel.EMAIL
    standing: Standing = Standing.NEW
    since: date | None = None
    phones: list[str] = []

    searchable_fields: ClassVar[list[str]] = ["full_name"]
    sortable_fields: ClassVar[list[str]] = ["full_name", "since"]

    class Settings:
        name = "owners"
        # Whoever has no VAT id has none, and not the same one.
        keep_nulls = False
