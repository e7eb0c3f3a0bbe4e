"""`--docker`, against a program that answers as `docker compose` does."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

Shop = Any  # the fixture's class lives in conftest.py, which no test module imports

#: It says what it was asked in a file of its own, and answers as its environment wants.
DOCKER = f"""#!{sys.executable}
import json, os, sys
arguments = sys.argv[1:]
with open(os.environ["ASKED"], "a") as asked:
    asked.write(json.dumps(arguments) + "\\n")
if arguments[0] == "version":
    sys.exit("Cannot connect to the Docker daemon" if os.environ.get("NO_ENGINE") else 0)
command = next(a for a in arguments if a in ("config", "up", "ps", "logs", "down"))
if os.environ.get("NO_ENGINE"):
    sys.exit("Cannot connect to the Docker daemon")
if command == "config":
    print("mongo\\napi\\nprefect-server\\nprefect-worker")
elif command == "ps":
    state = "exited" if os.environ.get("FAILS") else "running"
    port = {{"URL": "127.0.0.1", "PublishedPort": 8000}}
    print(json.dumps({{"Service": "mongo", "State": "running", "Health": "healthy"}}))
    print(json.dumps({{"Service": "api", "State": state, "Health": "", "Publishers": [port]}}))
elif command == "logs":
    print("the last words")
elif command == "up":
    sys.exit(1 if os.environ.get("FAILS") else 0)
"""


@pytest.fixture
def docker(tmp_path: Path) -> dict[str, str]:
    """Return the environment in which `docker` is the program above."""
    program = tmp_path / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(DOCKER)
    program.chmod(0o755)
    return {"PATH": str(program.parent), "ASKED": str(tmp_path / "asked")}


def test_containers_start_and_go(shop: Shop, docker: dict[str, str]) -> None:
    missing = shop.run("up", "--docker", **docker)
    assert (missing.code, "pulpo compile deploy" in missing.err) == (1, True)
    shop.write("run_cache/deploy/compose.yaml", "services: {}\n")
    rows = shop.ok("up", "--docker", "--no-prefect", "--json", **docker).json["services"]
    assert rows[0] == {
        "name": "api",
        "state": "running",
        "health": "",
        "ports": ["127.0.0.1:8000"],
    }
    asked = [json.loads(line) for line in Path(docker["ASKED"]).read_text().splitlines()]
    assert asked[1][-6:] == ["up", "--build", "--detach", "--wait", "mongo", "api"]
    assert "api" in shop.ok("status", "--docker", **docker).out
    shop.ok("down", "--docker", **docker)
    assert "down" in Path(docker["ASKED"]).read_text().splitlines()[-1]


def test_containers_that_fail(shop: Shop, docker: dict[str, str]) -> None:
    shop.write("run_cache/deploy/compose.yaml", "services: {}\n")
    failed = shop.run("up", "--docker", **docker, FAILS="1")
    assert failed.code == 1
    assert "error: api: is exited" in failed.err
    assert "the last words" in failed.err
    no_engine = shop.run("up", "--docker", **docker, NO_ENGINE="1")
    assert "Docker does not answer" in no_engine.err
    no_program = shop.run("up", "--docker", PATH="/nonexistent")
    assert "there is no `docker` on PATH" in no_program.err
