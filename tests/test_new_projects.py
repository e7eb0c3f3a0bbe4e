"""`pulpo new` and `pulpo init`: what a stranger's first minute gives, and what it leaves alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Pulpo = Callable[..., subprocess.CompletedProcess[str]]
MakeProject = Callable[[Mapping[str, str]], Path]

EXISTING = {
    "app/__init__.py": "",
    "app/main.py": """
        from fastapi import FastAPI

        from app.routes import router

        app = FastAPI()
        app.include_router(router, prefix="/v2")


        @app.get("/api/users/{user_id}")
        async def user(user_id: str) -> str:
            return user_id
        """,
    "app/routes.py": """
        from fastapi import APIRouter

        router = APIRouter(prefix="/shops")


        @router.post("/{id}")
        async def shop(id: str) -> str:
            return id
        """,
    "app/models.py": """
        from beanie import Document


        class Stored(Document):
            pass


        class User(Stored):
            class Settings:
                name = "users"
        """,
    "main": "mine",
    ".gitignore": "*.pyc\n",
    "pyproject.toml": '[project]\nname = "mine"\ndependencies = ["fastapi", "pulpo-utils"]\n',
    "run_cache/notes.txt": "mine",
}


@pytest.mark.parametrize("template", ["blank", "todo", "shop"])
def test_a_template_is_a_whole_project(pulpo: Pulpo, tmp_path: Path, template: str) -> None:
    made = pulpo("new", "ein Läden", "--template", template, cwd=tmp_path)

    assert made.returncode == 0, made.stderr
    assert "cd 'ein Läden'" in made.stdout
    root = tmp_path / "ein Läden"
    names = {path.name for path in root.iterdir()}
    assert {"pyproject.toml", ".pulpo.yml", "models", "operations", "tests"} <= names
    assert {"README.md", ".gitignore", "main", "run_cache"} <= names
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    runtime = {"pulpo-base", "pulpo-utils", "pulpo-selfaware"}
    assert {one.split("[")[0] for one in project["dependencies"]} == runtime
    assert "no findings" in pulpo("lint", cwd=root).stderr
    assert pulpo("compile", "--check", cwd=root).returncode == 0


def test_the_tests_of_a_new_project_pass(pulpo: Pulpo, tmp_path: Path) -> None:
    pulpo("new", "fresh", cwd=tmp_path)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist"],
        cwd=tmp_path / "fresh",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_new_makes_nothing_where_something_is(pulpo: Pulpo, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "notes.txt").write_text("mine")

    done = pulpo("new", "there", cwd=tmp_path)

    assert done.returncode == 1
    assert "there exists already" in done.stderr
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["notes.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_new_in_a_folder_that_takes_nothing(pulpo: Pulpo, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        done = pulpo("new", "fresh", cwd=tmp_path)
    finally:
        tmp_path.chmod(0o700)

    assert done.returncode == 1
    assert "Permission denied" in done.stderr
    assert "Traceback" not in done.stderr


def test_init_reports_on_an_existing_application(make_project: MakeProject, pulpo: Pulpo) -> None:
    root = make_project(EXISTING)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}

    planned = pulpo("init", "--plan", cwd=root)
    plain = json.loads(pulpo("init", "--plan", "--json", cwd=root).stdout)

    assert "app.main:app at app/main.py:5:1" in planned.stdout
    assert "would create .pulpo.yml" in planned.stdout
    assert [(one["name"], one["collection"]) for one in plain["documents"]] == [("User", "users")]
    assert plain["created"] == [".pulpo.yml"]
    routes = [(one["method"], one["path"]) for one in plain["routes"]]
    assert routes == [("GET", "/api/users/{user_id}"), ("POST", "/v2/shops/{id}")]
    collisions = {one["place"]: one for one in plain["collisions"]}
    assert set(collisions) == {
        "run_cache/",
        "main",
        ".gitignore",
        "pyproject.toml",
        "app/main.py:9:2",
    }
    assert collisions["pyproject.toml"]["remedy"] == (
        "uv add 'pulpo-base[api,local,project]' 'pulpo-selfaware[fastapi]'"
    )
    assert "GET /api/users/{id}" in collisions["app/main.py:9:2"]["problem"]
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_init_changes_nothing_of_an_existing_application(
    make_project: MakeProject, pulpo: Pulpo
) -> None:
    root = make_project({name: EXISTING[name] for name in EXISTING if "run_cache" not in name})
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}

    done = pulpo("init", cwd=root)

    assert done.returncode == 0, done.stderr
    assert (root / ".pulpo.yml").is_file()
    assert not (root / "models").exists()
    assert {path: path.read_bytes() for path in before} == before


def test_init_prepares_the_database(pulpo: Pulpo, tmp_path: Path) -> None:
    done = pulpo("init", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert f"database {tmp_path.name}: tasks" in done.stdout
    assert (tmp_path / ".pulpo" / "db").is_dir()


def test_init_without_a_database_says_so(pulpo: Pulpo, tmp_path: Path) -> None:
    nowhere = "mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=200"

    done = pulpo("init", cwd=tmp_path, PULPO_MONGODB_URL=nowhere)

    assert done.returncode == 1
    assert "cannot be used" in done.stderr
    assert "run `./main db init`" in done.stdout
    assert (tmp_path / "run_cache" / "cli.py").is_file()
