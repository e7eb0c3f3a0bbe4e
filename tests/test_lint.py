"""`pulpo lint` as a command: formats, fixes, exit codes, and peace on good code."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Pulpo = Callable[..., subprocess.CompletedProcess[str]]
MakeProject = Callable[[Mapping[str, str]], Path]

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"

MODELS = '''
from datetime import datetime
from decimal import Decimal

from beanie import Document
from pulpo_base import datamodel
from pydantic import Field


@datamodel
class Order(Document):
    """What a customer wants."""

    total: Decimal
    at: datetime = Field(default_factory=datetime.utcnow)
'''


def test_the_formats_and_the_fixes(make_project: MakeProject, pulpo: Pulpo) -> None:
    project = make_project({"models.py": MODELS, ".pulpo.yml": ""})
    before = (project / "models.py").read_text()

    text = pulpo("lint", cwd=project)
    assert (text.returncode, "1 error, 1 warning" in text.stderr) == (1, True)
    assert "2 can be mended with --fix" in text.stdout

    plain = pulpo("lint", "--format", "json", cwd=project)
    same = pulpo("lint", "--json", cwd=project)
    assert (plain.returncode, plain.stdout) == (1, same.stdout)
    assert [item["fix"]["title"] for item in json.loads(plain.stdout)] == [
        "use `DecimalAnnotation`",
        "ask for UTC",
    ]

    log = json.loads(pulpo("lint", "--format", "sarif", cwd=project).stdout)
    assert [item["ruleId"] for item in log["runs"][0]["results"]] == ["PLM005", "PLM017"]

    github = pulpo("lint", "--format", "github", cwd=project)
    assert github.stdout.startswith("::error file=models.py,line=13,col=5,title=PLM005")

    summary = pulpo("lint", "--format", "summary", cwd=project)
    assert "plain Decimal in a stored model" in summary.stdout

    diff = pulpo("lint", "--diff", cwd=project)
    assert "+    total: DecimalAnnotation" in diff.stdout
    assert (project / "models.py").read_text() == before

    fixed = pulpo("lint", "--fix", cwd=project)
    assert (fixed.returncode, "no findings" in fixed.stderr) == (0, True)
    assert "2 mended" in fixed.stdout
    assert "default_factory=lambda: datetime.now(UTC)" in (project / "models.py").read_text()

    again = pulpo("lint", "--fix", "--diff", cwd=project)
    assert (again.returncode, again.stdout) == (0, "")
    assert pulpo("lint", "--format", "github", cwd=project).stdout == ""


def test_the_help_tells_the_exit_codes(tmp_path: Path, pulpo: Pulpo) -> None:
    shown = " ".join(pulpo("lint", "--help", cwd=tmp_path).stdout.split())
    assert "Exit codes: 0 no errors (warnings and notes are none), 1 errors or a mistake" in shown


def test_formats_that_exclude_each_other(make_project: MakeProject, pulpo: Pulpo) -> None:
    done = pulpo("lint", "--json", "--format", "sarif", cwd=make_project({".pulpo.yml": ""}))
    assert (done.returncode, "exclude each other" in done.stderr) == (1, True)


@pytest.mark.parametrize("name", ["shop", "todo"])
def test_the_examples_have_no_findings(name: str, tmp_path: Path, pulpo: Pulpo) -> None:
    shutil.copytree(EXAMPLES / name, tmp_path / name)
    assert "no findings" in pulpo("lint", cwd=tmp_path / name).stderr


def test_a_new_project_has_no_findings(tmp_path: Path, pulpo: Pulpo) -> None:
    assert pulpo("init", "--no-database", cwd=tmp_path).returncode == 0
    assert "no findings" in pulpo("lint", cwd=tmp_path).stderr
