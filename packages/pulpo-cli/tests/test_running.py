"""With which Python a project's `./main` is run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pulpo_cli.errors import UserError
from pulpo_cli.running import main_command


def test_the_projects_environment_runs_it_where_the_runtime_is_installed(tmp_path: Path) -> None:
    (tmp_path / "main").touch()
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    assert main_command(tmp_path, ["up"]) == [sys.executable, str(tmp_path / "main"), "up"]

    packages = tmp_path / ".venv" / "lib" / "python3.12" / "site-packages"
    (packages / "pulpo_base-0.1.0.dist-info").mkdir(parents=True)
    assert main_command(tmp_path, ["up"])[0] == str(python)

    python.unlink()
    assert main_command(tmp_path, ["up"])[0] == sys.executable


def test_a_folder_without_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no project command line"):
        main_command(tmp_path, [])
