"""`pulpo demo`, as the README says it, and what is left when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Pulpo = Callable[..., subprocess.CompletedProcess[str]]


def _processes_below(folder: Path) -> list[str]:
    """Return the command lines of processes that speak of a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                where = str((entry / "cwd").readlink())
            except OSError:
                continue  # it ended while we looked
            if str(folder) in command or str(folder) in where:
                found.append(command)
    return found


@pytest.mark.parametrize("example", ["shop", pytest.param("todo", marks=pytest.mark.slow)])
def test_the_tour_is_verified_and_leaves_no_process(
    pulpo: Pulpo, tmp_path: Path, example: str
) -> None:
    into = tmp_path / "kept"

    done = pulpo("demo", example, "--exit", "--into", str(into), cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "verified" in done.stdout
    assert (into / "run_cache" / "generated_api.py").is_file()
    assert _processes_below(into) == []


def test_a_tour_that_does_not_come_true_fails(pulpo: Pulpo, tmp_path: Path) -> None:
    # Something else answers on the database's port of this tour: nothing at all.
    done = pulpo("demo", "todo", "--exit", cwd=tmp_path, PULPO_MONGODB_URL="mongodb://127.0.0.1:1/")

    assert done.returncode == 1
    assert "verified" not in done.stdout


@pytest.mark.parametrize("impatient", [pytest.param(False, marks=pytest.mark.slow), True])
def test_ctrl_c_leaves_no_process(tmp_path: Path, *, impatient: bool) -> None:
    into = tmp_path / "kept"
    demo = subprocess.Popen(
        [sys.executable, "-u", "-m", "pulpo_cli", "demo", "todo", "--into", str(into)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert demo.stdout is not None
    deadline = time.monotonic() + 90
    for line in demo.stdout:
        if "press Ctrl-C" in line:
            break
        assert time.monotonic() < deadline
    assert _processes_below(into)

    os.killpg(demo.pid, signal.SIGINT)
    if impatient:
        # Once more while it stops, as `uv run` does on its own.
        for _ in range(20):
            os.killpg(demo.pid, signal.SIGINT)
            time.sleep(0.05)
    demo.communicate(timeout=60)

    assert _processes_below(into) == []
