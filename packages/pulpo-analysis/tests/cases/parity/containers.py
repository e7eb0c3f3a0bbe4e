import collections
import typing as t
from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterable, Mapping, MutableMapping, Sequence, Set

from pulpo_base import operation
from pydantic import BaseModel


class Everything(BaseModel):
    a: list
    b: list[int]
    c: t.List[t.List[str]]
    d: dict
    e: dict[str, list[int]]
    f: t.Dict[str, t.Any]
    g: set[int]
    h: frozenset[str]
    i: tuple[int, str]
    j: tuple[int, ...]
    k: t.Tuple[int, int]
    l: Sequence[int]
    m: Iterable[int]
    n: Mapping[str, int]
    o: MutableMapping[str, int]
    p: Set[int]
    q: deque[int]
    r: defaultdict[str, int]
    s: t.Any
    t: object
    u: tuple[()]
    w: OrderedDict[str, int]
    x: collections.deque[str]
    y: t.Sequence[t.Optional[int]]


@operation(name="containers.run", models_in=[])
async def run(data: Everything) -> None: ...
