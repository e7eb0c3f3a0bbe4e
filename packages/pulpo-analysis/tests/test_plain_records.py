"""Dataclasses, typed dictionaries and named tuples, as flows and lint see them.

What discovery reads of them stands in `cases/parity`.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pulpo_analysis import Analysis
from pulpo_analysis.discovery import plain_records

Analyse = Callable[..., Analysis]

OPERATIONS = """
from dataclasses import InitVar, dataclass, field

from beanie import Document
from pulpo_base import DataModelBase, datamodel, operation
from typing_extensions import NotRequired, TypedDict


@datamodel
class Order(Document, DataModelBase):
    \"\"\"What somebody bought.\"\"\"

    code: str


@dataclass
class Basket:
    code: str
    size: int = 1


class Quote(TypedDict):
    cents: int
    rebate: NotRequired[int]


@dataclass
class Base:
    cents: int


@dataclass
class Pay(Base):
    rebate: int = 0
    bank: str = "ours"


@dataclass
class Receipt:
    bank: InitVar[str]
    cents: int
    number: int = field(default=1, init=False)


@dataclass
class Mail:
    base: Base
    bank: str = "yours"


@operation(name="shop.buy", models_in=[], models_out=[Order])
async def buy(data: Basket) -> Quote: ...


@operation(name="shop.pay", models_in=[Order], models_out=[])
async def pay(data: Pay) -> Receipt: ...


@operation(name="shop.send", after=[pay], models_in=[Order], models_out=[], bind=BIND)
async def send(data: Mail) -> None: ...
"""


def _bound(analysis: Analysis) -> dict[str, str]:
    return {
        f"{step.operation}.{binding.field}": str(binding)
        for plan in analysis.flows
        for step in plan.steps
        for binding in step.bindings
    }


def test_flows_bind_fields_that_every_output_has(analysed: Analyse) -> None:
    analysis = analysed({"app.py": OPERATIONS.replace("BIND", "{}")})
    bound = _bound(analysis)
    assert bound["shop.buy.code"] == "parameter code"
    assert bound["shop.pay.cents"] == "shop.buy.cents"
    assert bound["shop.pay.rebate"] == "parameter rebate"
    assert bound["shop.send.bank"] == "parameter bank"
    said = {(item.code, item.message) for item in analysis.diagnostics}
    assert any(code == "PLB008" and "its output may lack it" in text for code, text in said)


def test_one_is_assignable_to_its_bases_only(analysed: Analyse) -> None:
    analysis = analysed({"app.py": OPERATIONS.replace("BIND", '{"base": "shop.pay"}')})
    assert "PLB004" in {item.code for item in analysis.diagnostics}
    heir = OPERATIONS.replace("class Receipt:", "class Receipt(Base):")
    analysis = analysed({"app.py": heir.replace("BIND", '{"base": "shop.pay"}')})
    assert _bound(analysis)["shop.send.base"] == "shop.pay"


MODEL = """
from dataclasses import dataclass
from typing import NamedTuple

from beanie import Document
from pulpo_base import DataModelBase, datamodel
from pydantic import BaseModel
from typing_extensions import TypedDict


@dataclass
class Size:
    width: int


class Point(NamedTuple):
    x: int


class Meta(TypedDict):
    note: str


class Outer(BaseModel):
    size: Size


@datamodel
class Parcel(Document, DataModelBase):
    \"\"\"Something on its way.\"\"\"

    point: Point
    meta: Meta
    searchable_fields = ("meta.note",)
    FIELD
"""


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("weight: int = 1", []),
        ("size: Size | None = None", ["PLM028"]),
        ("outer: Outer | None = None", ["PLM028"]),
        ("size: Size\n    class Settings:\n        bson_encoders = {Size: vars}", []),
        ('sortable_fields = ("point.x",)', ["PLM027"]),
    ],
)
def test_what_of_them_is_stored(field: str, wanted: list[str], analysed: Analyse) -> None:
    found = analysed({"app.py": MODEL.replace("FIELD", field)}).diagnostics
    assert [item.code for item in found if item.code.startswith("PLM02")] == wanted


def test_typed_dictionaries_of_typing_need_python_3_12(
    analysed: Analyse, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = OPERATIONS.replace("import NotRequired, TypedDict", "import NotRequired").replace(
        "BIND", "{}"
    )
    files = {"app.py": f"from typing import TypedDict\n{text}"}
    monkeypatch.setattr(plain_records, "_TAKES_OWN_TYPED_DICTS", False)
    found = [item for item in analysed(files).diagnostics if item.code == "PLD016"]
    assert [str(item.location) for item in found] == ["app.py:23:13"]
    monkeypatch.setattr(plain_records, "_TAKES_OWN_TYPED_DICTS", True)
    files["app.py"] += "\n"
    assert all(item.code != "PLD016" for item in analysed(files).diagnostics)


def test_one_that_a_call_makes_is_not_guessed(analysed: Analyse) -> None:
    analysis = analysed(
        {
            "app.py": """
            from collections import namedtuple

            from pulpo_base import operation

            Point = namedtuple("Point", "x y")


            @operation(name="map.show", models_in=[], models_out=[])
            async def show(data: Point) -> None:
                \"\"\"Show a place on the map.\"\"\"
            """
        }
    )
    found = [item for item in analysis.diagnostics if item.code == "PLD003"]
    assert [item.message.rpartition(": ")[2] for item in found] == [
        "write it as a class, whose fields can be read"
    ]
