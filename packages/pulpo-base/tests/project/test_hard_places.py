"""A terminal, a folder that takes nothing, a full disk."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

Shop = Any  # the fixture's class lives in conftest.py, which no test module imports


def test_live_table_on_a_terminal(shop: Shop) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "main", "up"],
        cwd=shop.root,
        env={**shop.environment, "TERM": "xterm-256color"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as command:
        os.close(theirs)
        shown = _all_of(ours)
        assert command.wait(30) == 0
    assert "\x1b[?25l" in shown, "the cursor is hidden while the table lives"
    assert shown.count("\x1b[?25h") >= 1, "and comes back"
    assert "✓" in shown
    assert "healthy at" in shown
    assert "\x1b" not in shop.ok("up").err, "no escapes where there is no terminal"


@pytest.mark.skipif(sys.platform != "linux", reason="/sys takes files from nobody, not even root")
def test_a_folder_that_takes_nothing(shop: Shop) -> None:
    (shop.root / ".pulpo").symlink_to("/sys/kernel")
    answer = shop.run("up")
    (shop.root / ".pulpo").unlink()
    assert answer.code == 1
    assert answer.err.startswith("error: ")
    assert "Traceback" not in answer.err
    assert "bug in Pulpo" not in answer.err
    assert shop.processes() == {}


def test_no_space_for_the_database(shop: Shop) -> None:
    answer = _with_small_files(shop, "up")
    assert answer.returncode == 1, answer.stderr
    assert "error: MongoDB: " in answer.stderr
    assert "bug in Pulpo" not in answer.stderr
    assert shop.processes() == {}
    assert not shop.state.exists()
    shop.ok("up")


def test_no_space_for_a_backup(shop: Shop, mongodb_url: str, database_name: str) -> None:
    from pymongo import MongoClient

    environment = {"PULPO_MONGODB_URL": mongodb_url, "PULPO_MONGODB_DATABASE": database_name}
    with MongoClient[dict[str, Any]](mongodb_url) as client:
        client[database_name]["Order"].insert_many([{"text": "x" * 1000} for _ in range(200)])
        answer = _with_small_files(shop, "db", "backup", "safe", **environment)
        client.drop_database(database_name)
    assert answer.returncode == 1
    assert "File too large" in answer.stderr
    assert "bug in Pulpo" not in answer.stderr
    assert [path.name for path in shop.root.iterdir() if "safe" in path.name] == []


def _with_small_files(
    shop: Shop, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command that cannot make a file larger than 64 KiB, and whose children cannot."""
    code = (
        "import resource, os, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)); "
        "os.execv(sys.executable, [sys.executable, 'main', *sys.argv[1:]])"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=shop.root,
        env={**shop.environment, **environment, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def _all_of(terminal: int) -> str:
    shown = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux says so when the last writer has gone
            part = b""
        if not part:
            os.close(terminal)
            return shown.decode(errors="replace")
        shown += part


def test_pulpo_folder_that_is_a_file(shop: Shop) -> None:
    Path(shop.root / ".pulpo").write_text("")
    answer = shop.run("up")
    assert (answer.code, "cannot use" in answer.err) == (1, True)
