"""`db init|check|backup|restore|drop`, through `./main`."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

Shop = Any  # the fixture's class lives in conftest.py, which no test module imports


def test_the_life_of_a_database(shop: Shop, mongodb_url: str, database_name: str) -> None:
    environment = {"PULPO_MONGODB_URL": mongodb_url, "PULPO_MONGODB_DATABASE": database_name}
    with MongoClient[dict[str, Any]](mongodb_url) as client:
        orders = client[database_name]["Order"]
        assert shop.ok("db", "init", "--json", **environment).json["collections"] == ["Order"]
        orders.insert_many([{"customer": "Ann", "quantity": n} for n in range(3)])
        assert shop.ok("db", "check", "--json", **environment).json["fit"] is True
        folder = shop.ok("db", "backup", **environment).out.strip()
        assert Path(folder).parent == shop.root / ".pulpo" / "backups"

        orders.insert_many([{"customer": "Bob", "quantity": "secret"}, {"quantity": "secret"}])
        checked = shop.run("db", "check", "--json", **environment)
        (model,) = checked.json["models"]
        assert (checked.code, model["read"], model["unfit"]) == (1, 5, 2)
        causes = [(m["path"], m["cause"], m["documents"]) for m in model["misfits"]]
        number = "Input should be a valid integer, unable to parse string as an integer"
        assert causes == [("quantity", number, 2), ("customer", "Field required", 1)]
        assert "secret" not in checked.out
        sampled = shop.run("db", "check", "--sample", "2", "--json", **environment).json
        assert sampled["models"][0]["read"] == 2

        refused = shop.run("db", "restore", folder, **environment)
        assert (refused.code, "add --replace" in refused.err) == (1, True)
        shop.ok("db", "restore", folder, "--replace", **environment)
        assert orders.count_documents({}) == 3

        nobody = shop.run("db", "drop", **environment)
        assert (nobody.code, f"--name {database_name}" in nobody.err) == (1, True)
        assert shop.run("db", "drop", "--name", "other", **environment).code == 1
        assert _typed(shop, "wrong", environment) == 1
        assert orders.count_documents({}) == 3
        assert _typed(shop, database_name, environment) == 0
        assert database_name not in client.list_database_names()


@pytest.mark.slow
def test_backup_of_a_database_that_is_started_for_it(shop: Shop, tmp_path: Path) -> None:
    shop.ok("ops", "run", "orders.place", "--input", '{"customer": "Ann"}')
    target = tmp_path / "safe"
    written = shop.ok("db", "backup", str(target), "--json").json
    assert written == {"folder": str(target), "consistent": True, "documents": {"Order": 1}}
    shop.ok("db", "drop", "--name", "shop")
    shop.ok("db", "restore", str(target))
    assert shop.ok("ops", "run", "orders.count", "--json").json == 1
    assert shop.processes() == {}


def _typed(shop: Shop, text: str, environment: dict[str, str]) -> int:
    """Run `db drop` in a pseudo-terminal, type `text` and return the exit code."""
    ours, theirs = pty.openpty()
    command = subprocess.Popen(
        [sys.executable, "main", "db", "drop"],
        cwd=shop.root,
        env={**shop.environment, **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, f"{text}\n".encode())
    code = command.wait(30)
    os.close(ours)
    return code
