from __future__ import annotations

from typing import ClassVar, Optional

from beanie import Document, Link
from pulpo_base import datamodel, operation


@datamodel
class Node(Document):
    parent: Optional[Link[Node]] = None
    children: list[Link[Node]] = []
    label: str | None = None
    count: ClassVar[int] = 0


@operation(name="future_annotations.run", models_in=[Node])
async def run(data: Node) -> list[Node] | None: ...
