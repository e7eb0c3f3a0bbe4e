"""docs/tutorial.md, done as it is written: its files, its commands, and what they print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]*)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_tutorial_does_what_it_says(tmp_path: Path, mongodb_url: str) -> None:
    commands = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {
        **os.environ,
        "PATH": commands,
        "PULPO_MONGODB_URL": mongodb_url,
        "PULPO_MONGODB_DATABASE": f"tutorial_{tmp_path.name}",
    }
    folder, printed = tmp_path, ""
    for language, title, text in BLOCK.findall(PAGE.read_text("utf-8")):
        if language == "python":
            (folder / title).write_text(text, "utf-8")
        elif language == "text":
            missing = [line for line in text.splitlines() if line not in printed]
            assert not missing, f"{missing} is not in\n{printed}"
        elif "localhost" not in text:  # nobody serves here
            script = text.replace("pip install pulpo-cli\n", "set -e\n")
            done = subprocess.run(
                ["bash", "-c", script],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            printed = done.stdout + done.stderr
            assert done.returncode == 0, printed
            assert "warning" not in printed, printed
            folder = tmp_path / "library"
