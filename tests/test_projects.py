"""Projects as people have them: odd layouts, odd names, mistakes."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

Pulpo = Callable[..., subprocess.CompletedProcess[str]]
MakeProject = Callable[[Mapping[str, str]], Path]
Serve = Callable[[Path], AbstractContextManager[httpx.Client]]

NOTE = """
    from beanie import Document
    from pulpo_base import datamodel

    @datamodel
    class Note(Document):
        '''A line of text.'''
        text: str

        class Settings:
            name = "notes"
"""

WRITE = """
    from beanie import PydanticObjectId
    from pydantic import BaseModel
    from pulpo_base import operation
    {imported}

    class Text(BaseModel):
        text: str

    class Written(BaseModel):
        note_id: PydanticObjectId

    @operation(name="{name}", models_out=[Note])
    async def write(data: Text) -> Written:
        '''Write a note down.'''
        note = await Note(text=data.text).insert()
        return Written(note_id=note.id)
"""


def _names(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [item["name"] for item in json.loads(done.stdout)]


@pytest.mark.parametrize("command", ["models", "operations", "lint", "graph", "compile", "flows"])
def test_code_that_raises_on_import_is_still_read(
    make_project: MakeProject, pulpo: Pulpo, command: str
) -> None:
    boom = "\n    raise RuntimeError('never import me')\n"
    project = make_project(
        {
            "models/note.py": NOTE + boom,
            "operations/notes.py": WRITE.format(
                imported="from models.note import Note", name="notes.write"
            )
            + boom,
        }
    )

    done = pulpo(command, cwd=project)

    assert done.returncode == 0, done.stderr
    assert "never import me" not in done.stderr


def test_a_syntax_error_is_located_and_stops_generation_only(
    make_project: MakeProject, pulpo: Pulpo
) -> None:
    project = make_project(
        {"models/note.py": NOTE, "models/broken.py": "from pulpo_base import datamodel\nx = (\n"}
    )

    listed = pulpo("models", "--json", cwd=project)
    assert _names(listed) == ["Note"]
    assert (listed.returncode, "PLD001" in listed.stderr) == (1, True)
    linted = pulpo("lint", cwd=project)
    assert linted.returncode == 1
    assert "models/broken.py:2" in linted.stderr
    assert "PLD001" in linted.stderr
    compiled = pulpo("compile", cwd=project)
    assert compiled.returncode == 1
    assert not (project / "run_cache").exists()


def test_two_classes_of_one_name_are_a_finding(make_project: MakeProject, pulpo: Pulpo) -> None:
    project = make_project({"a/note.py": NOTE, "b/note.py": NOTE.replace('"notes"', '"others"')})

    linted = pulpo("lint", cwd=project)

    assert linted.returncode == 1
    assert "PLM001" in linted.stderr
    assert "a/note.py" in linted.stderr
    assert "b/note.py" in linted.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "name"),
    [
        pytest.param(
            {
                "src/app/models/note.py": NOTE,
                "src/app/models/__init__.py": "from .note import Note\n",
                "src/app/__init__.py": "",
                "src/app/work.py": WRITE.format(
                    imported="from .models import Note", name="n.write"
                ),
            },
            "n.write",
            id="src layout, relative imports, re-export",
        ),
        pytest.param(
            {
                "deep/er/models/note.py": NOTE,
                "deep/work.py": WRITE.format(
                    imported="from deep.er.models.note import Note", name="notes.write.now"
                ),
            },
            "notes.write.now",
            id="nested packages without __init__",
        ),
        pytest.param(
            {
                "models/note.py": NOTE,
                "work.py": WRITE.format(
                    imported="from models import note as m\n    Note = m.Note", name="class.import"
                ),
            },
            "class.import",
            id="keywords as names, alias of an alias",
        ),
    ],
)
def test_odd_layouts_become_running_applications(
    make_project: MakeProject, pulpo: Pulpo, serve: Serve, files: dict[str, str], name: str
) -> None:
    project = make_project(files)
    compiled = pulpo("compile", cwd=project)
    assert compiled.returncode == 0, compiled.stderr

    with serve(project) as api:
        written = api.post(f"/api/operations/{name}", json={"text": "hello"})
        assert written.status_code == 200, written.text
        found = api.get(f"/api/notes/{written.json()['note_id']}").json()

    assert found["text"] == "hello"


def test_an_empty_folder_is_told_what_to_do(tmp_path: Path, pulpo: Pulpo) -> None:
    linted = pulpo("lint", cwd=tmp_path)

    compiled = pulpo("compile", cwd=tmp_path)

    assert linted.returncode == 0
    assert "PLD006" in linted.stderr
    assert (compiled.returncode, "pulpo init" in compiled.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_the_code_of_the_readme_is_a_project(
    make_project: MakeProject, pulpo: Pulpo, serve: Serve
) -> None:
    readme = (Path(__file__).resolve().parent.parent / "README.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    project = make_project({"todos.py": code})

    linted = pulpo("lint", cwd=project)
    compiled = pulpo("compile", cwd=project)

    assert "no findings" in linted.stderr
    assert compiled.returncode == 0, compiled.stderr
    with serve(project) as api:
        api.post("/api/operations/todos.add", json={"titles": ["read", "write"]})
        assert api.get("/api/Todo").json()["total"] == 2


def test_a_new_project_runs(tmp_path: Path, pulpo: Pulpo, serve: Serve) -> None:
    folder = tmp_path / "fresh"
    folder.mkdir()
    made = pulpo("init", "--no-database", cwd=folder)
    assert made.returncode == 0, made.stderr

    with serve(folder) as api:
        models = api.get("/api/models").json()

    assert [model["name"] for model in models] == ["Task"]


def test_configuration_mistakes_are_located(make_project: MakeProject, pulpo: Pulpo) -> None:
    project = make_project(
        {
            "models/note.py": NOTE,
            ".pulpo.yml": "api:\n  prot: 8001\n  page_size: none\n",
        }
    )

    linted = pulpo("lint", cwd=project)

    assert linted.returncode == 1
    assert ".pulpo.yml:2:3: error PLC002" in linted.stderr
    assert "did you mean 'port'?" in linted.stderr
    assert ".pulpo.yml:3:3: error PLC003" in linted.stderr


def test_a_repeated_key_of_the_configuration_is_located(
    make_project: MakeProject, pulpo: Pulpo
) -> None:
    project = make_project({".pulpo.yml": "project: {name: y}\nproject: {name: z}\n"})

    linted = pulpo("lint", cwd=project)

    assert linted.returncode == 1
    assert ".pulpo.yml:2:1: error PLC003: `project` is given twice" in linted.stderr
