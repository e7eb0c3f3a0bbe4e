"""The README's code runs as it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"


def test_the_code_runs_as_written(
    example: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(
        r"^```python\n(.*?)^```$", README.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    monkeypatch.chdir(example)
    exec(compile(code, str(README), "exec"), {})  # noqa: S102 - our own README
    shown = capsys.readouterr().out
    assert shown.startswith("erDiagram\n")
    assert "orders ['orders.place'," in shown
    assert "warning PLO009" in shown
