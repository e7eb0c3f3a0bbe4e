"""What is said to be served is what is generated."""

from __future__ import annotations

import re
from pathlib import Path

from pulpo_analysis import analyse
from pulpo_codegen import compile_project, surface_of
from pulpo_codegen.layout import GENERATED

ROUTE = re.compile(r'^@router\.(\w+)\(\s*"([^"]*)"', re.MULTILINE)
PREFIX = re.compile(r'prefix="([^"]+)"')


CODE = """\
from beanie import Document, Link
from pulpo_base import datamodel, operation


@datamodel
class Order(Document):
    class Settings:
        name = "sales-orders"


@datamodel
class Parcel(Document):
    order: Link[Order]

    class Settings:
        name = "parcels"


@operation(name="orders.place", models_out=[Order])
async def place() -> None: ...


@operation(name="orders.pay", models_in=[Order], models_out=[Order])
async def pay() -> None: ...
"""


def test_routes_and_pages_are_those_of_the_generated_files(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(CODE, encoding="utf-8")
    shop = analyse(tmp_path)
    result = compile_project(shop)
    assert result.applied, result.errors
    root = shop.root / GENERATED
    served = set()
    for path in (root / "api").glob("*.py"):
        text = path.read_text("utf-8")
        for prefix in PREFIX.findall(text) or [""]:
            served |= {f"{verb.upper()} {prefix}{rest}" for verb, rest in ROUTE.findall(text)}

    found = surface_of(
        shop, models=shop.app.models, operations=shop.app.operations, flows=shop.flows
    )

    assert set(found.routes) == served
    assert len(found.routes) == len(served)
    assert "GET /api/sales-orders/{id}/parcels" in served
    assert all((shop.root / page).is_file() for page in found.pages)
    assert f"{GENERATED}/docs/models.md" in found.pages
    assert {f"./main flows run {flow.name}" for flow in shop.flows} <= set(found.commands)
    assert surface_of(shop).routes == ()
    assert found.commands[-1] == "./main flows run orders"
