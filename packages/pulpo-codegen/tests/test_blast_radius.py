"""Changing one model or operation touches the files that the facts say, and no other."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pulpo_analysis import analyse
from pulpo_analysis.analysis import Analysis
from pulpo_base.specs import FieldSpec, ModelSpec, OperationSpec, TypeKind, TypeRef
from pulpo_codegen.blast_radius import changed_files, shown_facts
from pulpo_codegen.plan import make_plan
from pulpo_codegen.render import Renderer
from pulpo_codegen.targets import BUILT_IN_TARGETS

SIZE = 50
RENDERER = Renderer()

MODEL = '''
    from __future__ import annotations
    from beanie import Document, Link
    from pulpo_base import datamodel
    {imports}

    @datamodel(tags=["t{number}"])
    class Thing{number}(Document):
        """Thing number {number}.

        It has a second paragraph.
        """

        name: str
        {link}

        class Settings:
            name = "things{number}"
'''
OPERATION = '''
    from pydantic import BaseModel
    from pulpo_base import operation
    from models.thing{number} import Thing{number}

    class In{number}(BaseModel):
        value{number}: int = 0

    @operation(name="flow{flow}.step{number}", models_in=[{read}], models_out=[{written}]{after})
    async def step{number}(data: In{number}) -> None:
        """Step number {number}."""
'''


def write_project(root: Path) -> None:
    """Fifty models in a chain of links; fifty operations in ten flows of five steps."""
    (root / ".pulpo.yml").write_text("project: {name: fifty}\n")
    for folder in ("models", "operations"):
        (root / folder).mkdir()
    for number in range(SIZE):
        before = f"Thing{number - 1}"
        code = MODEL.format(
            number=number,
            imports=f"from models.thing{number - 1} import {before}" if number else "",
            link=f"before: Link[{before}] | None = None" if number else "",
        )
        (root / f"models/thing{number}.py").write_text(textwrap.dedent(code))
        name = f"Thing{number}"
        code = OPERATION.format(
            number=number,
            flow=number // 5,
            read="" if number % 5 == 0 else name,
            written=name,
            after=f', after=["flow{number // 5}.step{number - 1}"]' if number % 5 else "",
        )
        (root / f"operations/op{number}.py").write_text(textwrap.dedent(code))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    root = tmp_path_factory.mktemp("fifty")
    write_project(root)
    analysis = analyse(root)
    assert not analysis.errors
    assert len(analysis.app.models) == len(analysis.app.operations) == SIZE
    assert len(analysis.flows) == SIZE // 5
    return analysis


def generated(analysis: Analysis) -> dict[str, str]:
    plan = make_plan(analysis, BUILT_IN_TARGETS)
    assert not plan.diagnostics
    return {row.path: RENDERER.render(row).text for row in plan.rows}


@pytest.fixture(scope="module")
def texts(project: Analysis) -> dict[str, str]:
    return generated(project)


def differing(old: dict[str, str], new: dict[str, str]) -> set[str]:
    return {path for path in old.keys() | new.keys() if old.get(path) != new.get(path)}


def moved(spec: Any) -> Any:
    return replace(spec, location=replace(spec.location, line=spec.location.line + 7))


def wider(model: ModelSpec) -> ModelSpec:
    new = FieldSpec("size", TypeRef(TypeKind.SCALAR, "int"), description="How big.")
    return replace(model, fields=(*model.fields, new))


#: One after the other, for the models in turn: what is changed, and how many files show it.
MODEL_CHANGES: tuple[tuple[str, Callable[[ModelSpec], ModelSpec], int], ...] = (
    ("description", lambda m: replace(m, description="Another thing."), 4),
    ("second paragraph", lambda m: replace(m, description=m.description + " More."), 3),
    ("field", wider, 3),
    ("line", moved, 2),
    ("tags", lambda m: replace(m, tags=("other",)), 2),
    ("permissions", lambda m: replace(m, permissions=("admin",)), 2),
    ("collection", lambda m: replace(m, collection=f"{m.collection}x"), 7),
    ("qualname", lambda m: replace(m, qualname=f"{m.qualname}x"), 3),
)
OPERATION_CHANGES: tuple[tuple[str, Callable[[OperationSpec], OperationSpec], int], ...] = (
    ("description", lambda o: replace(o, description="Another step."), 7),
    ("line", moved, 1),
    ("permissions", lambda o: replace(o, permissions=("admin",)), 4),
    ("category", lambda o: replace(o, category="other"), 2),
    ("timeout", lambda o: replace(o, timeout=3.0), 1),
)


def with_models(analysis: Analysis, number: int, spec: ModelSpec) -> Analysis:
    models = (*analysis.app.models[:number], spec, *analysis.app.models[number + 1 :])
    return replace(analysis, app=replace(analysis.app, models=models))


def with_operations(analysis: Analysis, number: int, spec: OperationSpec) -> Analysis:
    found = (*analysis.app.operations[:number], spec, *analysis.app.operations[number + 1 :])
    return replace(analysis, app=replace(analysis.app, operations=found))


@pytest.mark.slow
def test_each_model_in_turn(project: Analysis, texts: dict[str, str]) -> None:
    for number, model in enumerate(project.app.models):
        what, change, files = MODEL_CHANGES[number % len(MODEL_CHANGES)]
        after = with_models(project, number, change(model))
        predicted = changed_files(project, after)
        assert predicted.keys() == differing(texts, generated(after)), (model.name, what)
        assert len(predicted) == files, (model.name, what, sorted(predicted))


@pytest.mark.slow
def test_each_operation_in_turn(project: Analysis, texts: dict[str, str]) -> None:
    for number, operation in enumerate(project.app.operations):
        what, change, files = OPERATION_CHANGES[number % len(OPERATION_CHANGES)]
        after = with_operations(project, number, change(operation))
        predicted = changed_files(project, after)
        assert predicted.keys() == differing(texts, generated(after)), (operation.name, what)
        assert len(predicted) == files, (operation.name, what, sorted(predicted))


def test_what_changes_the_graph_is_predicted_too(
    project: Analysis, texts: dict[str, str], tmp_path: Path
) -> None:
    """An input, an order and a flow that are others, read from the files anew."""
    write_project(tmp_path)

    def edit(path: str, old: str, new: str) -> None:
        file = tmp_path / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    edit("operations/op7.py", "value7: int = 0", "amount: float")
    edit("operations/op12.py", ', after=["flow2.step11"]', "")
    edit("operations/op24.py", "flow4.step24", "other.step24")
    edit("operations/op24.py", ', after=["flow4.step23"]', "")
    after = analyse(tmp_path)
    predicted = changed_files(project, after)
    assert predicted.keys() == differing(texts, generated(after))
    flows = {path for path in predicted if path.startswith("flows/")}
    assert flows == {"flows/flow1.py", "flows/flow2.py", "flows/flow4.py"}
    assert not {path for path in predicted if path.startswith("api/things")}


def test_every_file_says_what_it_shows(project: Analysis, texts: dict[str, str]) -> None:
    facts = shown_facts(project)
    assert facts.keys() == texts.keys()
    (line,) = [value for fact, value in facts["api/things3.py"].items() if fact[1] == "line"]
    assert line == ("models/thing3.py", 8)
    assert changed_files(project, project) == {}
