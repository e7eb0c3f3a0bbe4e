from __future__ import annotations

from typing import TYPE_CHECKING

from beanie import BackLink, Document
from pulpo_base import datamodel
from pydantic import Field

if TYPE_CHECKING:
    from link_across_modules.visit import CrossVisit


@datamodel
class CrossPlace(Document):
    name: str
    visits: list[BackLink[CrossVisit]] = Field(json_schema_extra={"original_field": "place"})
    last: BackLink[CrossVisit] | None = Field(None, json_schema_extra={"original_field": "place"})
