"""A compile that would do nothing is known without doing it; anything else is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pulpo_analysis import analyse
from pulpo_codegen import CompileResult, compile_project
from pulpo_codegen import compile as compiling
from pulpo_codegen import settled as module
from pulpo_codegen.frontend.building import BuildError
from pulpo_codegen.settled import recall

MODEL = '''
from beanie import Document
from pulpo_base import DataModelBase, datamodel

@datamodel()
class Note(DataModelBase, Document):
    """A note that somebody wrote."""

    title: str
    owner_id: str = ""
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "note.py").write_text(MODEL)
    (tmp_path / ".pulpo.yml").write_text("project:\n  name: notes\n")
    return tmp_path


def compiled(project: Path) -> CompileResult:
    return compile_project(analyse(project))


def test_what_is_recalled_is_what_a_compile_answers(project: Path) -> None:
    assert recall(project) is None
    assert compiled(project).plan.has_changes
    assert recall(project) is not None
    again, recalled = compiled(project), recall(project)
    assert recalled is not None
    assert not recalled.plan.has_changes
    assert recalled.applied
    assert recalled.targets == again.targets
    assert recalled.diagnostics == again.diagnostics
    assert {item.path: item.target for item in recalled.plan.keep} == {
        item.path: item.target for item in again.plan.keep
    }


def test_named_targets_are_recalled_with_those_that_they_need(project: Path) -> None:
    compiled(project)
    for names in (["api"], ["docs"], ["deploy", "cli"]):
        again, recalled = compile_project(analyse(project), targets=names), recall(project, names)
        assert recalled is not None
        assert recalled.targets == again.targets
        assert {item.path for item in recalled.plan.keep} == {item.path for item in again.plan.keep}
    assert recall(project, ["api", "nothing"]) is None


CHANGES: dict[str, Callable[[Path], object]] = {
    "a source": lambda root: (root / "models" / "note.py").write_text(f"{MODEL}    text: str\n"),
    "a new source": lambda root: (root / "models" / "other.py").write_text(""),
    "the configuration": lambda root: (root / ".pulpo.yml").write_text("project:\n  name: other\n"),
    "an edited output": lambda root: (root / "run_cache/generated_api.py").write_text("# mine\n"),
    "a missing output": lambda root: (root / "run_cache/generated_api.py").unlink(),
    "an executable output": lambda root: (root / "run_cache/generated_api.py").chmod(0o755),
    "the manifest": lambda root: (root / "run_cache/.manifest.json").unlink(),
    "a snapshot": lambda root: (root / ".pulpo/graph.json").write_text("{}"),
    "a template of the project": lambda root: (root / "overrides/templates").mkdir(parents=True),
    "an override": lambda root: _write(root / "overrides/api/note.py", "dependencies = []\n"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_recalled_after_a_change_of(change: str, project: Path) -> None:
    compiled(project)
    assert recall(project) is not None
    CHANGES[change](project)
    assert recall(project) is None


def test_a_source_that_is_saved_during_a_compile_belongs_to_the_next_one(project: Path) -> None:
    before = analyse(project)
    (project / "models" / "note.py").write_text(f"{MODEL}    text: str\n")
    assert compile_project(before).applied

    assert recall(project) is None
    assert compiled(project).plan.has_changes


def test_nothing_is_recalled_where_an_extension_is_installed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled(project)
    assert recall(project) is not None
    monkeypatch.setattr(module, "entry_points_of", lambda _: ["theirs:EXTENSION"])
    assert recall(project) is None


def test_a_compile_with_errors_is_not_remembered(project: Path) -> None:
    compiled(project)
    (project / "run_cache/generated_api.py").write_text("# mine\n")
    assert compiled(project).errors
    assert recall(project) is None


def test_what_was_wrong_with_the_machine_is_looked_at_again(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(_say: object) -> None:
        raise BuildError("There is no Node.")

    with monkeypatch.context() as patched:
        patched.setattr(compiling, "ensure_bundle", cannot)
        assert [one.code for one in compiled(project).diagnostics if one.code > "PLV"] == ["PLW008"]
        assert recall(project) is None
    compiled(project)
    assert recall(project) is not None


def test_a_part_is_not_taken_for_the_whole(project: Path) -> None:
    compile_project(analyse(project), targets=["docs"])
    assert recall(project) is None
    compile_project(analyse(project), about={"model Note"})
    assert recall(project) is None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text)
