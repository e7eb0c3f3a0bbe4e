"""`doctor`, `config`, `completion`: what the command says of itself and of the machine."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

Pulpo = Callable[..., subprocess.CompletedProcess[str]]
MakeProject = Callable[[Mapping[str, str]], Path]


def checks(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in json.loads(done.stdout)}


def test_a_sound_project_has_no_problems(pulpo: Pulpo, shop: Path) -> None:
    done = pulpo("doctor", "--json", cwd=shop)

    assert done.returncode == 0, done.stdout
    found = checks(done)
    assert {"Python", "Pulpo", "packages", "mongod", "Node", "Docker", "disk"} <= set(found)
    assert {"configuration", "output", "API port", "database", "folder"} <= set(found)
    assert found["mongod"]["found"].startswith("v")


def test_each_problem_has_its_remedy(make_project: MakeProject, pulpo: Pulpo) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        config = f"api:\n  port: {port}\n  prot: 1\n"
        root = make_project({".pulpo.yml": config, "models.py": "def broken(:\n"})
        found = checks(
            pulpo("doctor", "--json", cwd=root, PULPO_MONGODB_URL="mongodb://u:pw@127.0.0.1:9")
        )

    assert found["configuration"]["remedy"] == "pulpo explain PLC002"
    assert ".pulpo.yml:3:3" in found["configuration"]["found"]
    assert found["code"]["remedy"] == "pulpo lint"
    assert found["API port"]["found"].startswith(f"{port} is taken")
    assert found["database"]["state"] == "problem"
    assert "pw" not in found["database"]["found"]
    assert pulpo("doctor", cwd=root).returncode == 1


def test_stale_output_is_a_problem(own_shop: Path, pulpo: Pulpo) -> None:
    (own_shop / "run_cache" / "settings.py").unlink()

    found = checks(pulpo("doctor", "--json", cwd=own_shop))

    assert found["output"]["remedy"] == "pulpo compile"


def test_every_value_has_a_source(make_project: MakeProject, pulpo: Pulpo) -> None:
    files = {
        ".pulpo.yml": "api:\n  port: 8100\n  page_size: 7\n",
        ".env": "# local\nPULPO_API_PORT=8200\nPULPO_RATE_LIMIT='5'\n",
    }
    root = make_project(files)

    done = pulpo("config", "--json", cwd=root, PULPO_MONGODB_URL="mongodb://ann:secret@there")

    settings = {one["key"]: (one["value"], one["source"]) for one in json.loads(done.stdout)}
    assert settings["api.port"] == ("8200", ".env:2")
    assert settings["api.rate_limit"] == ("5", ".env:3")
    assert settings["api.page_size"] == (7, ".pulpo.yml:3")
    assert settings["api.host"] == ("127.0.0.1", "default")
    assert settings["project.name"] == ("project", "the folder's name")
    url, source = settings["database.url"]
    assert source == "PULPO_MONGODB_URL (environment)"
    assert url == "mongodb://ann:***@there"
    assert json.loads(pulpo("config", "schema", cwd=root).stdout)["properties"]["api"]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("pulpo oper", "operations"),
        ("pulpo inspect Prod", "Product"),
        ("pulpo ops run orders.p", "orders.pay"),
        ("pulpo flows cat", "catalog"),
        ("pulpo impact Ord", "Order"),
    ],
)
def test_the_shell_completes_names(pulpo: Pulpo, shop: Path, line: str, offered: str) -> None:
    asked = {
        "_PULPO_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(line.count(" ")),
    }

    done = pulpo(cwd=shop, **asked)

    assert offered in done.stdout.split()
    assert pulpo(cwd=shop.parent, **asked).stderr == "", "quiet where there is no project"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_one(pulpo: Pulpo, tmp_path: Path, shell: str) -> None:
    script = pulpo("completion", shell, cwd=tmp_path).stdout

    assert "_PULPO_COMPLETE" in script
    if program := shutil.which(shell):
        subprocess.run([program, "-n"], input=script, text=True, check=True)
