from typing import Annotated, List, Optional, Union

from beanie import BackLink, Document, Link
from pulpo_base import datamodel
from pydantic import Field


@datamodel
class Task(Document):
    a: Link["Task"]
    b: Optional[Link["Task"]] = None
    c: Link["Task"] | None = None
    d: list[Link["Task"]] = []
    e: List[Link["Task"]] = []
    f: Optional[List[Link["Task"]]] = None
    g: Union[Link["Task"], None] = None
    h: "Link[Task]"
    i: "list[Link[Task]] | None" = None
    j: Annotated[Link["Task"], Field(description="j")]
    k: list[BackLink["Task"]] = Field(json_schema_extra={"original_field": "d"})
    l: BackLink["Task"] = Field(json_schema_extra={"original_field": "a"})
    m: Optional[BackLink["Task"]] = Field(default=None, json_schema_extra={"original_field": "a"})
    n: Link["Task"] = Field(alias="n_id")
