"""Each code of `pulpo diff` has a page whose own examples, before and after, show what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pulpo_analysis import analyse
from pulpo_analysis.changes.change import Change
from pulpo_analysis.changes.compare import compare
from pulpo_analysis.changes.snapshot import Snapshot, snapshot_of
from pulpo_analysis.diagnostics.catalogue import CATALOGUE
from pulpo_analysis.diagnostics.pages import explanation

GOLDEN = Path(__file__).parent / "cases" / "errors"
CODES = sorted(code for code in CATALOGUE if code.startswith("PLV"))
_BLOCK = re.compile(r'^```\w+ title="(before|after)/([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def _changes(code: str, heading: str, folder: Path) -> tuple[Change, ...]:
    section = explanation(code).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    for when, name, text in _BLOCK.findall(section):
        target = folder / when / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return compare(_facts(folder / "before"), _facts(folder / "after"))


def _facts(root: Path) -> Snapshot:
    analysis = analyse(root)
    assert not analysis.errors
    return snapshot_of(analysis)


@pytest.mark.parametrize("code", CODES)
def test_wrong_example_is_found_and_the_right_one_is_not(
    code: str, tmp_path: Path, golden: Callable[[Path, str], None]
) -> None:
    wrong = _changes(code, "Wrong", tmp_path / "wrong")
    right = _changes(code, "Right", tmp_path / "right")

    assert code in {change.diagnostic.code for change in wrong}
    assert code not in {change.diagnostic.code for change in right}
    # What is right hurts nobody.
    assert {change.risk.value for change in right} <= {"safe"}
    golden(GOLDEN / f"{code}.txt", "\n".join(map(_line, wrong)) + "\n")


def _line(change: Change) -> str:
    found = change.diagnostic
    lines = [f"{change.risk.value}: {found.code} {change.where}: {found.message}"]
    lines.extend(f"   at {location}" for location in found.locations)
    lines.extend([f"   hint: {found.hint}"] if found.hint else [])
    return "\n".join(lines)
