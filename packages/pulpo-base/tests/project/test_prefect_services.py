"""Prefect's server and worker among the services."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import pytest

from pulpo_base.project import Project
from pulpo_base.project import prefect as prefect_rows
from pulpo_base.project.commands.starting import chosen, with_used

Shop = Any  # the fixture's class lives in conftest.py, which no test module imports

PREFECT = {"prefect", "worker"}


@pytest.fixture
def flowing(shop: Shop) -> Shop:
    """Return the project with a generated Prefect flow, which nothing here registers or runs."""
    shop.write("run_cache/workflows/__init__.py", "")
    shop.write("run_cache/workflows/orders.py", "")
    shop.write("run_cache/prefect_flows.py", "FLOWS = {}\n")
    return shop


@pytest.mark.slow  # a Prefect server of its own
def test_server_and_worker_start_stay_and_go(
    flowing: Shop, eventually: Callable[[Callable[[], object]], None]
) -> None:
    rows = {row["name"]: row for row in flowing.ok("up", "--json").json["services"]}
    assert set(rows) == {"mongodb", "api", *PREFECT}
    assert flowing.ok("prefect", "ui").out == f"{rows['prefect']['url']}\n"
    assert (flowing.root / ".pulpo" / "prefect").is_dir()
    os.kill(rows["worker"]["pid"], signal.SIGKILL)
    # While it is started again it has no record.
    eventually(lambda: _pids(flowing).get("worker") not in {None, rows["worker"]["pid"]})
    eventually(lambda: _conditions(flowing)["worker"] == "healthy")
    # It may be healthy before it has said anything.
    eventually(lambda: "worker | " in flowing.ok("prefect", "logs").out)
    stopped = flowing.ok("prefect", "stop", "--json").json["stopped"]
    assert {row["name"] for row in stopped} == PREFECT
    assert flowing.conditions() == {
        "mongodb": "healthy",
        "api": "healthy",
        "prefect": "stopped",
        "worker": "stopped",
    }
    assert flowing.ok("health", "--json").json["healthy"], "they are optional"
    flowing.ok("down")
    assert flowing.processes() == {}


def test_without_prefect(flowing: Shop) -> None:
    rows = flowing.ok("up", "--no-prefect", "--json").json["services"]
    assert {row["name"] for row in rows} == {"mongodb", "api"}
    missing = flowing.run("prefect", "ui")
    assert (missing.code, "./main prefect start" in missing.err) == (1, True)


def test_without_flows_there_is_nothing_to_start(shop: Shop) -> None:
    answer = shop.run("prefect", "start")
    assert (answer.code, "has no flows for Prefect" in answer.err) == (1, True)


def test_where_it_is_not_installed(
    flowing: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = Project(
        name="shop",
        root=flowing.root,
        app="run_cache.generated_api:app",
        settings="run_cache.settings:settings",
        documents="",
        operations="",
        flows="run_cache.flows:FLOWS",
    )
    monkeypatch.syspath_prepend(str(flowing.root))
    monkeypatch.delenv("PULPO_MONGODB_URL", raising=False)
    for name in [name for name in sys.modules if name.partition(".")[0] == "run_cache"]:
        monkeypatch.delitem(sys.modules, name)
    settings = project.load_settings()
    everything = chosen(project, settings)
    assert [row.name for row in with_used(everything, PREFECT)] == ["mongodb", "prefect", "worker"]
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(prefect_rows, "is_installed", lambda: False)
    assert [row.name for row in chosen(project, settings)] == ["mongodb", "api"]
    assert "pip install 'pulpo-base[flows]'" in " ".join(capsys.readouterr().err.split())


def _pids(shop: Shop) -> dict[str, int]:
    services = json.loads(shop.state.read_text())["services"]
    return {row["name"]: row["process"]["pid"] for row in services}


def _conditions(shop: Shop) -> dict[str, str]:
    found: dict[str, str] = shop.conditions()
    return found
