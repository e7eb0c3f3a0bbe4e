"""Dataclasses, typed dictionaries and named tuples in what is generated."""

from __future__ import annotations

from pathlib import Path

import pytest

from pulpo_analysis import analyse
from pulpo_codegen import compile_project

PROJECT = '''
from typing import NamedTuple

from beanie import Document
from pulpo_base import DataModelBase, datamodel, operation
from typing_extensions import NotRequired, TypedDict


class Point(NamedTuple):
    x: int
    name: str = ""


class Meta(TypedDict):
    note: NotRequired[str]
    at: Point


@datamodel
class Parcel(Document, DataModelBase):
    """Something on its way."""

    meta: Meta


@operation(name="post.take", models_in=[], models_out=[Parcel])
async def take() -> Meta:
    """Take a parcel from somebody."""
    await Parcel(meta={"at": Point(1)}).insert()
    return {"at": Point(1)}


@operation(name="post.send", models_in=[Parcel], models_out=[])
async def send(data: Meta) -> None:
    """Send a parcel on its way."""
    await Parcel.find_one(Parcel.meta == data)
'''


@pytest.fixture
def generated(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(PROJECT)
    result = compile_project(analyse(tmp_path))
    assert [item.code for item in result.diagnostics if item.severity == "error"] == []
    return tmp_path / "run_cache"


def test_typescript_has_their_json(generated: Path) -> None:
    text = (generated / "generated_frontend/src/project.ts").read_text()
    assert "export type Point = [number, string];\n" in text
    assert 'export interface Meta {\n  "note"?: string;\n  "at": Point;\n}\n' in text


def test_prefect_reads_keys_and_makes_dictionaries(generated: Path) -> None:
    text = (generated / "workflows/post.py").read_text()
    assert "from pulpo_base.flows.prefect import given, made, run_operation\n" in text
    lines = [line.strip() for line in text.splitlines()]
    start = lines.index("made(")
    assert lines[start : start + 5] == [
        "made(",
        "Meta,",
        'at=take_output["at"],',
        "**given(note=note),",
        ")",
    ]
