"""Routes that a project changes in `overrides/api/`: linted, compiled and served."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import httpx

from pulpo_analysis.registries.overriding import RESOURCE_METHODS
from pulpo_base.api import Resource

Pulpo = Callable[..., subprocess.CompletedProcess[str]]
MakeProject = Callable[[Mapping[str, str]], Path]
Serve = Callable[[Path], AbstractContextManager[httpx.Client]]

FILES = {
    ".pulpo.yml": "project: {name: shelf}\n",
    "models.py": '''
        from beanie import Document
        from pulpo_base import datamodel


        @datamodel
        class Book(Document):
            """A title."""

            title: str

            class Settings:
                name = "books"


        @datamodel
        class Shelf(Document):
            """Where books stand."""

            room: str

            class Settings:
                name = "shelves"
    ''',
    "overrides/api/book.py": '''
        from typing import Annotated, Any

        from fastapi import Depends, Header, HTTPException, Request, Response
        from models import Book
        from pulpo_base.api import Resource


        def _known(x_reader: Annotated[str, Header()] = "") -> None:
            if not x_reader:
                raise HTTPException(401, "say who reads")


        DEPENDENCIES = (Depends(_known),)


        async def response(answer: Response) -> Response:
            answer.headers["X-Shelf"] = "mark"
            return answer



        class BookResource(Resource[Book]):
            """Titles are capitalised, and books are kept."""

            async def create(self, document: Book, request: Request) -> Response:
                document.title = document.title.title()
                return await super().create(document, request)

            async def delete(self, id: Any, request: Request) -> Response:
                raise HTTPException(405, "books are kept")
    ''',
}


def test_an_override_answers_the_routes_of_its_model_only(
    make_project: MakeProject, pulpo: Pulpo, serve: Serve
) -> None:
    project = make_project(FILES)
    done = pulpo("compile", cwd=project)
    assert done.returncode == 0, done.stderr
    router = (project / "run_cache" / "api" / "books.py").read_text()
    assert "from overrides.api.book import DEPENDENCIES, BookResource, response\n" in router
    assert "RESOURCE = BookResource(\n" in router
    for command in (["format", "--check"], ["check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--no-cache", "run_cache"]
        done = subprocess.run(ruff, cwd=project, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout

    with serve(project) as client:
        assert client.get("/api/books").status_code == 401
        client.headers["X-Reader"] = "ada"
        made = client.post("/api/books", json={"title": "on data flow"})
        assert made.status_code == 201
        assert made.json()["title"] == "On Data Flow"
        assert made.headers["X-Shelf"] == client.get("/api/books").headers["X-Shelf"] == "mark"
        place = f"/api/books/{made.json()['id']}"
        assert client.delete(place).status_code == 405
        assert client.get(place).json()["title"] == "On Data Flow"
        del client.headers["X-Reader"]
        shelf = client.post("/api/shelves", json={"room": "west wing"}).json()
        assert "X-Shelf" not in client.get("/api/shelves").headers
        assert shelf["room"] == "west wing"
        assert client.delete(f"/api/shelves/{shelf['id']}").status_code == 204

    (project / "overrides" / "api" / "book.py").unlink()
    planned = pulpo("compile", "--plan", "--json", cwd=project)
    assert planned.returncode == 2
    assert planned.stdout.count('"update"') == 1
    assert '"api/books.py"' in planned.stdout


def test_lint_knows_the_methods_that_there_are() -> None:
    """The analysis must not import FastAPI, so it has a table; this is the class itself."""
    for name, arguments in RESOURCE_METHODS.items():
        method = getattr(Resource, name)
        assert inspect.iscoroutinefunction(method)
        assert tuple(inspect.signature(method).parameters) == ("self", *arguments), name
    public = {
        name
        for name, value in vars(Resource).items()
        if inspect.iscoroutinefunction(value) and not name.startswith("_")
    }
    assert public == set(RESOURCE_METHODS)
