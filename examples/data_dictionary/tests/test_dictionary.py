"""The extension on its own project: what it writes, warns of and refuses."""

import csv
import shutil
from pathlib import Path

import pytest
from pulpo_analysis import analyse
from pulpo_codegen import CompileResult, compile_project

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture
def project(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("run_cache", ".pulpo", "__pycache__", "tests", "dictionary")
    return Path(shutil.copytree(PROJECT, tmp_path / "library", ignore=ignored))


def compiled(project: Path) -> CompileResult:
    return compile_project(analyse(project), targets=["dictionary"])


def test_every_field_is_a_line(project: Path) -> None:
    result = compiled(project)
    assert not result.errors
    assert [action.path for action in result.plan.create] == ["dictionary/fields.csv"]
    with (project / "run_cache/dictionary/fields.csv").open(newline="") as table:
        lines = list(csv.DictReader(table, delimiter=";"))
    assert [(line["model"], line["field"]) for line in lines] == [
        ("Book", "id"),
        ("Book", "isbn"),
        ("Book", "title"),
        ("Book", "copies"),
        ("Loan", "id"),
        ("Loan", "isbn"),
        ("Loan", "due"),
    ]
    title = lines[2]
    assert title["description"] == "As on the cover; subtitle; edition"
    assert title["collection"] == "books"
    assert title["required"] == "yes"


def test_the_second_compile_writes_nothing(project: Path) -> None:
    compiled(project)
    assert not compiled(project).plan.has_changes


def test_a_field_without_a_description_is_a_warning(project: Path) -> None:
    (found,) = [one for one in compiled(project).diagnostics if one.code == "DICT1"]
    assert found.message == "Loan.due has no description"
    assert found.location is not None
    assert found.location.path == "models/library.py"


def test_a_wrong_option_is_found_where_it_stands(project: Path) -> None:
    config = project / ".pulpo.yml"
    config.write_text(config.read_text().replace("separator", "seperator"))
    (found,) = compiled(project).errors
    assert found.code == "PLE006"
    assert found.hint == "did you mean 'separator'?"
    assert found.location is not None
    assert (found.location.path, found.location.line) == (".pulpo.yml", 6)
    assert not (project / "run_cache").exists()
