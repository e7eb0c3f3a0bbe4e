"""The README's commands and code work as written, in the order in which they are read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def test_the_readme_s_session(tmp_path: Path) -> None:
    blocks = re.findall(r"```(sh|python)\n(.*?)```", README, re.DOTALL)
    (_, install), (_, start), (language, code), (_, use) = blocks
    assert (install, language) == ("pip install pulpo-cli\n", "python")
    script = f"set -e\n{start}cat > operations/books.py <<'END'\n{code}END\n{use}"
    commands = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": commands},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Book " in done.stdout
    assert "books.add" in done.stdout
    assert (tmp_path / "library" / "run_cache" / "generated_api.py").is_file()
