"""The recipes of docs/extending.md, each run as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Pulpo = Callable[..., subprocess.CompletedProcess[str]]
MakeProject = Callable[[Mapping[str, str]], Path]

PAGE = Path(__file__).parents[1] / "docs" / "extending.md"
SECTION = re.compile(r"^## (.*)\n", re.MULTILINE)
BLOCK = re.compile(r"^```(?:python)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)

SHOP = {
    ".pulpo.yml": "project: {name: recipes}\n",
    "models.py": """
        from beanie import Document
        from pulpo_base import datamodel


        @datamodel
        class Thing(Document):
            name: str

            class Settings:
                name = "things"
    """,
    "operations.py": """
        from pulpo_base import operation

        from errors import OutOfStock


        @operation(name="things.send")
        async def send() -> None:
            \"\"\"Send one.\"\"\"
            raise OutOfStock("nothing left of sku 7", hint="order fewer")
    """,
}


def recipe(title: str) -> list[str]:
    """Return the Python blocks, and those without a language, of one section."""
    parts = SECTION.split(PAGE.read_text())
    (body,) = [text for name, text in zip(parts[1::2], parts[2::2], strict=True) if name == title]
    return BLOCK.findall(body)


def extended(make_project: MakeProject, files: Mapping[str, str]) -> Path:
    errors = {"errors.py": recipe("An exception")[0]}
    config = {".pulpo.yml": SHOP[".pulpo.yml"] + "extensions: [mine:extension]\n"}
    return make_project({**SHOP, **errors, **config, **files})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, pulpo: Pulpo) -> Path:
    """A compiled project with an exception, a command, an event type and a middleware."""
    root = tmp_path_factory.mktemp("recipes")
    files = {
        **SHOP,
        "errors.py": recipe("An exception")[0],
        "commands/stock.py": recipe("A command")[0],
        "events.py": recipe("An event type")[0],
        "served.py": recipe("A middleware of the API")[0],
    }
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(textwrap.dedent(text))
    done = pulpo("init", "--no-database", cwd=root)
    assert done.returncode == 0, done.stderr
    return root


def test_a_generator(make_project: MakeProject, pulpo: Pulpo) -> None:
    code, template = recipe("A generator")[:2]
    extension = (
        "\nfrom pathlib import Path\nfrom pulpo_codegen import Extension\n"
        'extension = Extension(name="cards", targets=(cards,), templates=(Path("templates"),))\n'
    )
    files = {"mine.py": code + extension, "templates/cards/_model.md.jinja": template}
    root = extended(make_project, files)

    done = pulpo("compile", "cards", cwd=root)

    assert done.returncode == 0, done.stderr
    card = (root / "run_cache" / "cards" / "things.md").read_text()
    assert "# Thing" in card
    assert "- `name`" in card


def test_a_middleware_of_the_compile(make_project: MakeProject, pulpo: Pulpo) -> None:
    root = extended(make_project, {"mine.py": recipe("A middleware of the compile")[0]})

    assert pulpo("compile", "core", cwd=root).returncode == 0
    settings = (root / "run_cache" / "settings.py").read_text()
    assert "# SPDX-License-Identifier: MIT\n" in settings


def test_a_validator(make_project: MakeProject, pulpo: Pulpo) -> None:
    root = extended(make_project, {"mine.py": recipe("A validator")[0]})

    done = pulpo("compile", cwd=root)

    assert done.returncode == 1
    assert "models.py" in done.stderr
    assert "Thing has no tag that starts with `team-`" in done.stderr
    assert not (root / "run_cache").exists()


def test_a_command_of_the_project(project: Path, pulpo: Pulpo, mongodb_url: str) -> None:
    database = {"PULPO_MONGODB_URL": mongodb_url}

    passed_on = pulpo("stock", "things", cwd=project, **database)
    listed = subprocess.run(
        [sys.executable, "main", "--help"], cwd=project, capture_output=True, text=True, check=False
    )
    unknown = pulpo("stocks", cwd=project)

    assert (passed_on.returncode, passed_on.stdout) == (0, "0\n"), passed_on.stderr
    assert "Count the documents of a collection." in listed.stdout
    assert unknown.returncode == 1
    assert "No such command 'stocks'" in unknown.stderr


def test_a_command_of_a_package(project: Path, pulpo: Pulpo, tmp_path: Path) -> None:
    site = tmp_path / "site"
    metadata = site / "stock_tools-1.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: stock-tools\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[pulpo.commands]\nstock = stock_tools:app\n")
    tool = "import typer\napp = typer.Typer()\n@app.command()\ndef shelf() -> None:\n"
    (site / "stock_tools.py").write_text(f'{tool}    """Shelve."""\n    print("shelved")\n')

    done = pulpo("shelf", cwd=project, PYTHONPATH=str(site))
    listed = pulpo("--help", cwd=project, PYTHONPATH=str(site))

    assert (done.returncode, done.stdout) == (0, "shelved\n"), done.stderr
    assert "Shelve." in listed.stdout


CHECK = """
import asyncio, events, httpx
from pulpo_selfaware import get_tracker
from served import app

async def main():
    events.sold_out("7")
    (event,) = await get_tracker().get_events(event_type=events.StockEvent.SOLD_OUT)
    assert event.metadata == {"sku": "7"}
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answer = await client.post("/api/operations/things.send")
    assert (answer.status_code, answer.json()["code"]) == (409, "out_of_stock")
    assert answer.headers["X-Shop"] == "north"
    assert "409" in app.openapi()["paths"]["/api/operations/things.send"]["post"]["responses"]

asyncio.run(main())
"""


def test_exception_event_type_and_middleware_while_it_runs(
    project: Path, pulpo: Pulpo, mongodb_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULPO_MONGODB_URL", mongodb_url)
    served = subprocess.run(
        [sys.executable, "-c", CHECK], cwd=project, capture_output=True, text=True, check=False
    )
    ran = subprocess.run(
        [sys.executable, "main", "ops", "run", "things.send"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )

    assert served.returncode == 0, served.stderr
    assert ran.returncode == 3
    assert "nothing left of sku 7" in ran.stderr
    assert "order fewer" in ran.stderr
