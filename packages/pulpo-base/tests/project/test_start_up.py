"""What a command may import before it does anything."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

Shop = Any  # the fixture's class lives in conftest.py, which no test module imports

_HEAVY = {
    *(
        "asyncio",
        "beanie",
        "fastapi",
        "httpx",
        "networkx",
        "prefect",
        "pydantic",
        "pymongo",
        "rich",
    ),
    *("ssl", "uvicorn"),
}


def test_help_imports_nothing_heavy(shop: Shop) -> None:
    script = (
        "import sys\nfrom run_cache.cli import cli\ncode = cli.run(['--help'])\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\nsys.exit(code)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script],
        cwd=shop.root,
        env=shop.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(answer.stderr.split())
    assert "typer" in imported
    assert imported & (_HEAVY | {"shop", "run_cache.settings"}) == set()
    for command in ("up", "down", "status", "health", "logs", "api", "db", "ops", "flows"):
        assert f"\n  {command} " in answer.stdout


def test_no_command_shows_the_help(shop: Shop) -> None:
    assert "Usage: ./main" in shop.ok().out
    group = shop.run("ops")
    assert "Usage: ./main ops" in group.out + group.err
