"""What the tests of the analysis share: writing small projects, reading cases, golden files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from pulpo_analysis import Analysis, analyse

Project = Callable[..., Path]
Golden = Callable[[Path, str], None]
Analyse = Callable[..., Analysis]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a function that writes files (path to text or bytes) into one project folder."""
    root = tmp_path / "project"
    root.mkdir()

    def write(files: Mapping[str, str | bytes]) -> Path:
        for path, content in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                target.write_bytes(content)
            else:
                target.write_text(dedent(content), encoding="utf-8")
        return root

    return write


@pytest.fixture
def analysed(project: Project) -> Analyse:
    """Return a function that writes files and analyses the project that they make."""

    def run(files: Mapping[str, str | bytes]) -> Analysis:
        return analyse(project(files))

    return run


@pytest.fixture
def golden() -> Golden:
    """Return a function that compares text with a file; PULPO_UPDATE_GOLDEN=1 writes the file."""

    def check(path: Path, text: str) -> None:
        if os.environ.get("PULPO_UPDATE_GOLDEN") == "1":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path.name} is missing; PULPO_UPDATE_GOLDEN=1 writes it"
        assert text == path.read_text(encoding="utf-8")

    return check


@pytest.fixture
def example(project: Project) -> Path:
    """Return a project of several packages, with links, flows and things to complain about."""
    files: dict[str, str | bytes] = {
        "shop/models/warehouse/shipment.py": """
            from beanie import Document, Link
            from pulpo_base import datamodel

            from ..order import Order


            @datamodel(tags=["warehouse"], indexes=["order"])
            class Shipment(Document):
                order: Link[Order]
            """,
        "shop/models/order.py": """
            from enum import StrEnum

            from beanie import Document
            from pulpo_base import datamodel
            from pydantic import BaseModel


            class State(StrEnum):
                NEW = "new"


            class Line(BaseModel):
                sku: str


            @datamodel
            class Order(Document):
                lines: list[Line] = []
                state: State = State.NEW
            """,
        "shop/operations/shipping.py": """
            from pulpo_base import operation
            from shop.models.order import Order
            from shop.models.warehouse.shipment import Shipment


            @operation(name="orders.ship", models_in=[Order], models_out=[Order, Shipment])
            async def ship(): ...
            """,
        "shop/operations/placing.py": """
            from pulpo_base import operation
            from shop.models.order import Line, Order


            @operation(name="orders.place", models_out=[Order])
            async def place(line: Line) -> Order: ...


            @operation(name="orders.check.stock", models_in=[Order], models_out=[Order])
            async def stock() -> None: ...


            @operation(name="orders.check.price", models_in=[Order])
            async def price(line: Line) -> None: ...
            """,
    }
    return project(files)


@pytest.fixture
def with_bodies(example: Path, project: Project) -> Path:
    """Return the example with operations beside it whose bodies say what they do."""
    case = Path(__file__).parent / "cases" / "inference" / "helpers.md"
    blocks = re.findall(
        r'^```python title="([^"]+)"\n(.*?)^```$', case.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    project(dict(blocks))
    return example
