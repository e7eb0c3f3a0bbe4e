from __future__ import annotations

from dataclasses import InitVar, dataclass, field
from typing import ClassVar, NamedTuple

from pulpo_base import operation
from typing_extensions import NotRequired, TypedDict


@dataclass
class Node:
    children: list[Node] = field(default_factory=list)
    leaf: Leaf | None = None
    count: ClassVar[int] = 0
    start: InitVar[int] = 1


@dataclass
class Leaf:
    value: Pair


class Pair(NamedTuple):
    one: int
    two: Keys


class Keys(TypedDict):
    name: str
    node: NotRequired[Node]


@operation(name="plain_forward_references.run", models_in=[])
async def run(data: Node) -> Keys: ...
