"""What the shell offers behind TAB after `./main`."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pulpo_base.project import Project, create_cli

Shop = Any  # the fixture's class lives in conftest.py, which no test module imports


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("./main prefect sch", "schedule"),
        ("./main ops run orders.p", "orders.place"),
        ("./main flows run ord", "orders"),
        ("./main logs --service mon", "mongodb"),
    ],
)
def test_names_are_completed(shop: Shop, line: str, offered: str) -> None:
    asked = {"_MAIN_COMPLETE": "complete_bash", "COMP_WORDS": line}
    answer = shop.run(**asked, COMP_CWORD=str(line.count(" ")))
    assert (answer.out.split(), answer.err) == ([offered], "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_for_a_main_of_any_folder(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert create_cli(Project("a", Path(), "", "", "", "")).run(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "_MAIN_COMPLETE" in script
    assert "_completion ./main" not in script
    if program := shutil.which(shell):
        subprocess.run([program, "-n"], input=script, text=True, check=True)
