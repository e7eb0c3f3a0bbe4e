"""The list of models says of them what the whole analysis says, and reads no more than it needs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pulpo_analysis import analyse
from pulpo_analysis.discovery import declared_models
from pulpo_analysis.listing import list_models

MODELS = """\
from beanie import Document, Link
from pulpo_base import datamodel as stored

@stored
class Note(Document):
    text: str
    about: Link["Topic"]

@stored
class Topic(Document):
    class Settings:
        name = "Note"

@stored
class Plain:
    pass
"""
OPERATIONS = """\
from models import stored
from pulpo_base import operation

@operation(name="notes.write", models_out=["Nota"])
def write() -> None: ...

@stored
def wrong() -> None: ...
"""
Project = Callable[..., Path]


def test_it_says_what_the_analysis_says_of_models(example: Path) -> None:
    assert list_models(example).models == analyse(example).app.models
    assert list_models(example).errors == ()


def test_errors_are_those_of_models_and_not_of_operations(project: Project) -> None:
    root = project({"models.py": MODELS, "operations.py": OPERATIONS})
    whole = analyse(root)

    listed = list_models(root)

    assert listed.models == whole.app.models
    assert {found.code for found in listed.errors} == {"PLM002", "PLM003", "PLD005"}
    assert {found.code for found in whole.errors} == {"PLM002", "PLM003", "PLD005", "PLO002"}
    assert set(listed.errors) < set(whole.errors)


def test_configuration_and_files_that_cannot_be_read_are_errors(project: Project) -> None:
    broken = {"models.py": MODELS, "more.py": "@datamodel(\n", ".pulpo.yml": "nonsense: 1\n"}

    codes = {found.code for found in list_models(project(broken)).errors}

    assert {"PLC002", "PLD001"} <= codes


def test_a_list_is_kept_until_a_file_changes(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project({"models.py": MODELS, "operations.py": OPERATIONS})
    asked: list[Path] = []
    real = declared_models.discover_models

    def discover(folder: Path, config: object) -> object:
        asked.append(folder)
        return real(folder, config)  # type: ignore[arg-type] # as it was called

    monkeypatch.setattr(declared_models, "discover_models", discover)
    first, again = list_models(root), list_models(root)
    (root / "models.py").write_text(MODELS.replace("class Note", "class Memo"))
    changed = list_models(root)

    assert again == first
    assert len(asked) == 2
    assert [model.name for model in changed.models] == ["Memo", "Topic"]
