"""Projects to measure on: models and operations as people write them, in any number.

A project is made of areas, each with a file of models and a file of operations. An area is a
flow: its operations create, update and read its models, take plain models as inputs and bind some
fields to what earlier ones return. A link and an enumeration lead to the area before, so that
names are followed across files.
"""

from __future__ import annotations

from pathlib import Path

_MODEL_FILE = '''\
"""The documents of area {area}."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from beanie import Document, Indexed, Link
from pydantic import BaseModel, Field

from pulpo_base import datamodel
{before}

class State{area}(StrEnum):
    """How far a thing of the area is."""

    OPEN = "open"
    CLOSED = "closed"


class Place{area}(BaseModel):
    """Where a thing is."""

    street: str = Field(max_length=80)
    city: str = ""

{models}'''

_MODEL = '''
@datamodel(name="{name}", tags=["area{area}"])
class {name}(Document):
    """A thing of the area, number {number}."""

    title: Annotated[str, Field(min_length=1, max_length=120, description="What it is called")]
    code: Indexed(str, unique=True)
    amount: int = Field(default=0, ge=0)
    state: State{area} = State{area}.OPEN
    place: Place{area} | None = None
    labels: list[str] = Field(default_factory=list)
    created_at: datetime = Field(default_factory=datetime.now)
    link: Link[{target}] | None = None

    class Settings:
        name = "{collection}"
        indexes = ["title", [("state", 1), ("created_at", -1)]]

'''

_OPERATION_FILE = '''\
"""The operations of area {area}."""

from __future__ import annotations

from pydantic import BaseModel

from models.area_{area} import {names}
from pulpo_base import operation

LIMIT = 100

{operations}'''

_OPERATION = '''
class {title}In(BaseModel):
    """What the step takes."""

    {given}: str = ""
    limit: int = 10


class {title}Out(BaseModel):
    """What the step returns."""

    {returned}: str
    count: int


@operation(
    name="area_{area}.step_{number}",
    models_in=[{models_in}],
    models_out=[{models_out}],
    tags=["area{area}"],
    category="work",
)
async def step_{area}_{number}(data: {title}In) -> {title}Out:
    """Take what is there and make more of it, step {number}."""
    total = 0
    for index in range(min(data.limit, LIMIT)):
        total += index
    if total > 10:
        total -= 1
    return {title}Out({returned}=str(total), count=total)

'''


def make_project(root: Path, models: int, operations: int, areas: int = 0) -> Path:
    """Write a project of that many models and operations into `root`, which must not exist.

    They are spread over that many areas, two files each; by default five models to an area.
    """
    areas = areas or models // 5
    each = models // areas, operations // areas
    for folder in ("models", "operations"):
        (root / folder).mkdir(parents=True)
        (root / folder / "__init__.py").write_text("")
    (root / ".pulpo.yml").write_text('project:\n  name: "measured"\n')
    for area in range(areas):
        (root / "models" / f"area_{area}.py").write_text(_models(area, each[0]))
        (root / "operations" / f"area_{area}.py").write_text(_operations(area, *each))
    return root


def add_bystanders(root: Path, files: int) -> None:
    """Add files of ordinary code that declare nothing, in packages of 50."""
    for index in range(files):
        package = root / "library" / f"part_{index // 50}"
        package.mkdir(parents=True, exist_ok=True)
        (package / f"module_{index}.py").write_text(_bystander(index))


def _models(area: int, count: int) -> str:
    last = f"Thing{area - 1}x0" if area else "Thing0x0"
    before = f"from models.area_{area - 1} import {last}\n" if area else ""
    models = "".join(
        _MODEL.format(
            area=area,
            number=number,
            name=f"Thing{area}x{number}",
            collection=f"things_{area}_{number}",
            target=f"Thing{area}x{number - 1}" if number else last,
        )
        for number in range(count)
    )
    return _MODEL_FILE.format(area=area, before=before, models=models)


def _operations(area: int, models: int, count: int) -> str:
    names = [f"Thing{area}x{number}" for number in range(models)]
    steps = []
    for number in range(count):
        model = names[number % models]
        creates = number < models
        steps.append(
            _OPERATION.format(
                area=area,
                number=number,
                title=f"Step{area}x{number}",
                given=f"value_{number - 1}" if number else "value",
                returned=f"value_{number}",
                models_in=names[number - 1] if creates and number else "" if creates else model,
                models_out=model,
            )
        )
    return _OPERATION_FILE.format(area=area, names=", ".join(names), operations="".join(steps))


def _bystander(index: int) -> str:
    functions = "\n\n".join(
        f"def work_{number}(values: list[int], factor: int = {number}) -> dict[str, int]:\n"
        f'    """Return the sums of `values` by their remainder."""\n'
        f"    sums: dict[str, int] = {{}}\n"
        f"    for value in values:\n"
        f"        if value % {number + 2} == 0:\n"
        f'            sums[f"key {{value % 7}}"] = sums.get("key", 0) + value * factor\n'
        f"        else:\n"
        f"            sums[str(value)] = value\n"
        f"    return sums\n"
        for number in range(10)
    )
    doc = f'"""Module {index} of a library."""'
    return f"{doc}\n\nfrom __future__ import annotations\n\n\n{functions}"
