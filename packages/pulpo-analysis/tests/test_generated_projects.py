"""Projects made up by hypothesis: never an exception, always the same answer, exact JSON."""

from __future__ import annotations

import keyword
import os
import random
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulpo_analysis import Analysis, AppSpec, analyse
from pulpo_analysis.diagnostics.text import SourceLines, diagnostic_text
from pulpo_analysis.discovery import files as discovery_files
from pulpo_analysis.discovery.static import StaticDiscovery
from pulpo_analysis.graphs.dot import to_dot
from pulpo_analysis.graphs.mermaid import flow_diagram, models_diagram, system_diagram
from pulpo_analysis.graphs.node_link import to_node_link
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.serialisation import from_json, to_json

#: `PULPO_FUZZ=100` tries a hundred times as many examples.
FUZZ = int(os.environ.get("PULPO_FUZZ", "1"))

identifiers = st.one_of(
    st.sampled_from(["Order", "größe", "ñ", "変数", "_x", "id", "match", "type", "PK", "end"]),
    st.text("abcxyzäß_", min_size=1, max_size=6),
).filter(lambda name: name.isidentifier() and not keyword.iskeyword(name))
hostile = st.one_of(
    st.text(max_size=30),
    st.sampled_from(['"""', "'''", "\\", '"; DROP', "{{ x }}", "\x00", "\ud800", "]]>", "`a`\n#"]),
)
segments = st.one_of(identifiers, st.sampled_from(["class", "def", "a-b", "1", "x y", "%", '"']))
stages = st.sampled_from(["-1", "0", "2", "'late'"])
known_names = st.sampled_from(["f.a", "f.b", "f.s.c", "f.s.d", "g.x", "g.y"])
dotted = st.one_of(
    known_names, known_names, st.lists(segments, min_size=1, max_size=4).map(".".join)
)
field_types = st.sampled_from(
    ["int", "str | None", "list[Nope]", "'Link[Model0]'", "tuple[()]", "dict", "Optional[int]", "1"]
)
METHODS = ["find", "get", "save", "delete", "to_list", "update", "insert", "append", "help0", "x"]
HEADS = ["if x:", "for x in data:", "async with x as y:", "while not x:", "def inner():"]


@st.composite
def models(draw: st.DrawFn, index: int) -> str:
    fields = draw(st.lists(st.tuples(identifiers, field_types, hostile), max_size=4))
    arguments = draw(st.sampled_from(["", "()", "name", "indexes"]))
    lines = {
        "": "@datamodel",
        "()": "@datamodel()",
        "name": f"@datamodel(name={draw(hostile)!a}, tags=[{draw(hostile)!a}])",
        "indexes": f"@datamodel(indexes=[{draw(hostile)!a}], ui={{'a': {draw(hostile)!a}}})",
    }
    body = [
        f"    {name}: {annotation} = Field(description={text!a}, default={text!a})"
        for name, annotation, text in fields
    ]
    doc = f"    {draw(hostile)!a}"
    return "\n".join([lines[arguments], f"class Model{index}(Document):", doc, *body, ""])


values = st.recursive(
    st.sampled_from(
        ["data", "x", "Model0", "Model1(a=1)", "await Model0.get(x)", "Nope", "1", "op0"]
    ),
    lambda inner: st.one_of(
        st.builds("await {}.{}({})".format, inner, st.sampled_from(METHODS), inner),
        st.builds("[{} for x in {}]".format, inner, inner),
        st.builds("({} or {}, {})".format, inner, inner, inner),
        st.builds("({})[{}].y".format, inner, inner),
        st.builds("help{}({}, *[{}], k={})".format, st.integers(0, 2), inner, inner, inner),
    ),
    max_leaves=6,
)
simple = st.one_of(
    st.builds("x = {}".format, values),
    st.builds("self.x, *y = {}".format, values),
    st.builds("raise {}".format, st.sampled_from(["", "x", "ValueError", "HTTPException(404)"])),
    st.builds("return {}".format, values),
    values,
).map(lambda line: [line])
statements = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.builds(lambda head, body: [head, *indented(body)], st.sampled_from(HEADS), inner),
        st.builds(
            lambda body, other: [
                "try:",
                *indented(body),
                "except ValueError as x:",
                *indented(other),
            ],
            inner,
            inner,
        ),
        st.builds(lambda first, second: first + second, inner, inner),
    ),
    max_leaves=6,
)


def indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def bodies() -> st.SearchStrategy[str]:
    return statements.map(indented).map("\n".join)


@st.composite
def operations(draw: st.DrawFn, index: int) -> str:
    names = st.lists(st.sampled_from(["Model0", "Model1", "Model0", "Model9"]), max_size=2)
    parts = [
        f"name={draw(dotted)!a}",
        f"description={draw(hostile)!a}",
        f"models_in={draw(names)}",
        f"models_out={draw(names)}",
    ]
    if draw(st.integers(0, 3)) == 0:
        parts.append(f"after=[{draw(dotted)!a}, op{draw(st.integers(0, 3))}]")
    if draw(st.integers(0, 3)) == 0:
        parts.append(f"stage={draw(stages)}")
    if draw(st.integers(0, 3)) == 0:
        parts.append(f"bind={{'x': {draw(dotted)!a}}}")
    take = draw(st.sampled_from(["", "data: Model0", "data: Schema", "data", "*data"]))
    give = draw(st.sampled_from(["", " -> Model1", " -> Schema", " -> list[int]", " -> None"]))
    body = draw(bodies())
    return f"@operation({', '.join(parts)})\nasync def op{index}({take}){give}:\n{body}\n"


HEAD = """from typing import Optional
from beanie import Document, Link
from pulpo_base import datamodel, operation
from pydantic import BaseModel, Field


class Schema(BaseModel):
    x: int = 1


"""


@st.composite
def projects(draw: st.DrawFn) -> dict[str, str]:
    parts = [draw(models(index)) for index in range(2)]
    helpers = [f"async def help{i}(x, *y, k):\n{draw(bodies())}\n" for i in range(3)]
    first = [draw(operations(index)) for index in range(draw(st.integers(0, 3)))]
    second = [draw(operations(index)) for index in range(draw(st.integers(0, 2)))]
    return {
        "models.py": HEAD + "\n\n".join([*parts, *helpers, *first]),
        "more.py": HEAD + "from models import *\n\n\n" + "\n\n".join(second),
    }


def _analysed(files: Mapping[str, str]) -> Analysis:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        root.mkdir()
        for name, text in files.items():
            (root / name).write_text(text, encoding="utf-8")
        return analyse(root)


@settings(deadline=None, max_examples=40 * FUZZ, suppress_health_check=list(HealthCheck))
@given(projects())
def test_any_project_is_analysed_and_survives_json(files: dict[str, str]) -> None:
    analysis = _analysed(files)
    assert from_json(AppSpec, to_json(analysis.app)) == analysis.app
    for plan in analysis.flows:
        assert from_json(FlowPlan, to_json(plan)) == plan
        order = [step.operation for step in plan.steps]
        assert all(order.index(edge.before) < order.index(edge.after) for edge in plan.edges)
        assert flow_diagram(plan).startswith("flowchart LR\n")
    assert models_diagram(analysis.app).startswith("erDiagram\n")
    assert system_diagram(analysis.graph).startswith("flowchart LR\n")
    assert to_dot(analysis.graph).endswith("}\n")
    assert to_node_link(analysis.graph).encode()
    for found in analysis.diagnostics:
        text = diagnostic_text(found, SourceLines(analysis.root))
        assert all(char.isprintable() or char == "\n" for char in text)


@settings(deadline=None, max_examples=30 * FUZZ)
@given(st.binary(max_size=200), st.text(max_size=200))
def test_any_bytes_in_a_file_are_a_finding_at_most(raw: bytes, text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "raw.py").write_bytes(b"datamodel\n" + raw)
        (root / "text.py").write_text("operation\n" + text, encoding="utf-8", errors="replace")
        (root / ".pulpo.yml").write_bytes(raw)
        assert isinstance(analyse(root), Analysis)


def test_the_order_of_directory_entries_changes_nothing(
    example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = analyse(example, StaticDiscovery(cached=False))
    real = discovery_files._Walk._entries
    for seed in range(3):
        shuffle = random.Random(seed)  # noqa: S311 - a test's order, no secret

        def shuffled(
            walk: discovery_files._Walk, folder: str, prefix: str, by: random.Random = shuffle
        ) -> list:  # type: ignore[type-arg]
            entries = real(walk, folder, prefix)
            by.shuffle(entries)
            return entries

        monkeypatch.setattr(discovery_files._Walk, "_entries", shuffled)
        assert analyse(example, StaticDiscovery(cached=False)) == wanted
