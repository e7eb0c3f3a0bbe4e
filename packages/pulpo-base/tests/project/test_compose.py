"""`--docker`, against a program that answers as `docker compose` does."""

from __future__ import annotations

import json
import socket
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
command = next(a for a in arguments if a in ("config", "build", "up", "ps", "logs", "down"))
fails = os.environ.get("FAILS", "")
if os.environ.get("NO_PLUGIN"):
    sys.exit("unknown flag: --file\\n\\nUsage:  docker [OPTIONS] COMMAND [ARG...]")
if os.environ.get("NO_ENGINE") and command != "config":
    sys.exit("Cannot connect to the Docker daemon")
if command == "config":
    port = {{"host_ip": "127.0.0.1", "published": os.environ.get("TAKEN", "1"), "target": 8000}}
    services = dict.fromkeys(("mongodb", "prefect-server", "prefect-worker"), {{}})
    print(json.dumps({{"services": {{**services, "api": {{"ports": [port]}}}}}}))
elif command == "ps" and "--quiet" in arguments:
    print(os.environ.get("IDS", "c0ffee"))
elif command == "ps":
    port = {{"URL": "127.0.0.1", "PublishedPort": 8000}}
    api, mongodb = "running", "healthy"
    if fails:
        # What waits for a service that is ill is created and not started.
        ended = fails in ("exited", "stopped")
        api, mongodb = (fails, "healthy") if ended else ("created", fails)
    print(json.dumps({{"Service": "mongodb", "State": "running", "Health": mongodb}}))
    print(json.dumps({{"Service": "api", "State": api, "Health": "", "Publishers": [port]}}))
elif command == "logs":
    print("the last words")
elif command == "build":
    sys.exit(17 if fails == "build" else 0)
elif command == "up":
    sys.exit(1 if fails else 0)
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
    unnamed = shop.run("up", "--docker", **docker)
    assert (unnamed.code, "there is no pyproject.toml" in unnamed.err) == (1, True)
    shop.write("pyproject.toml", "[project]\n")
    rows = shop.ok("up", "--docker", "--no-prefect", "--json", **docker).json["services"]
    assert rows[0] == {
        "name": "api",
        "state": "running",
        "health": "",
        "ports": ["127.0.0.1:8000"],
    }
    asked = [json.loads(line) for line in Path(docker["ASKED"]).read_text().splitlines()]
    assert asked[-3][-1] == "build"
    assert asked[-2][-7:-3] == ["up", "--detach", "--wait", "--wait-timeout"]
    assert asked[-2][-2:] == ["mongodb", "api"]
    assert "api" in shop.ok("status", "--docker", **docker).out
    shop.ok("down", "--docker", **docker)
    assert "down" in Path(docker["ASKED"]).read_text().splitlines()[-1]


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        ("exited", ["error: api: is exited", "the last words"]),
        ("stopped", ["error: api: is stopped", "the last words"]),
        ("unhealthy", ["error: mongodb: is unhealthy", "the last words", "--service mongodb"]),
        ("healthy", ["error: api: port {port} of 127.0.0.1 is taken", "PULPO_API_PORT"]),
        ("starting", ["error: mongodb: is still starting after 180 s", "the last words"]),
        ("build", ["error: the image could not be built", "Dockerfile"]),
    ],
)
def test_containers_that_fail(
    shop: Shop, docker: dict[str, str], fails: str, said: list[str]
) -> None:
    """What is named is what is ill, not what waits for it."""
    shop.write("pyproject.toml", "[project]\n")
    shop.write("run_cache/deploy/compose.yaml", "services: {}\n")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        taken = port if fails == "healthy" else 0
        failed = shop.run("up", "--docker", **docker, FAILS=fails, TAKEN=str(taken))
    assert failed.code == 1
    assert [text for text in said if text.format(port=port) not in failed.err] == []


def test_without_docker(shop: Shop, docker: dict[str, str]) -> None:
    shop.write("pyproject.toml", "[project]\n")
    shop.write("run_cache/deploy/compose.yaml", "services: {}\n")
    no_engine = shop.run("up", "--docker", **docker, NO_ENGINE="1")
    assert "Docker does not answer" in no_engine.err
    no_plugin = shop.run("up", "--docker", **docker, NO_PLUGIN="1")
    assert "this Docker has no `compose`" in no_plugin.err
    no_program = shop.run("up", "--docker", PATH="/nonexistent")
    assert "there is no `docker` on PATH" in no_program.err


def test_logs_of_containers(shop: Shop, docker: dict[str, str]) -> None:
    shop.write("run_cache/deploy/compose.yaml", "services: {}\n")
    logs = shop.ok("logs", "--docker", "--service", "api", **docker)
    assert logs.out == "the last words\n"
    asked = json.loads(Path(docker["ASKED"]).read_text().splitlines()[-1])
    assert asked[-4:] == ["logs", "--tail", "30", "api"]
    unknown = shop.run("logs", "--docker", "--service", "apy", **docker)
    assert "there is no service 'apy'" in unknown.err
    assert "'api'" in unknown.err
    nothing = shop.run("logs", "--docker", **docker, IDS="")
    assert "./main up --docker" in nothing.err
