"""Both discoveries read every small case, and say the same.

A case is a file or folder under `cases/parity`, named for what it shows. All of them are one
project, so that one process imports them all. Specs are compared in the normal form of
`pulpo_analysis.discovery.comparison`, places included.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.discovery.comparison import differences, normal_form
from pulpo_analysis.discovery.imported import ImportDiscovery
from pulpo_analysis.discovery.protocol import Discovered, Discovery
from pulpo_analysis.discovery.static import StaticDiscovery

CASES = Path(__file__).parent / "cases" / "parity"
NEWER = Path(__file__).parent / "cases" / "parity_3_12"


def _names(folder: Path) -> list[str]:
    entries = (entry for entry in folder.iterdir() if not entry.name.startswith(("_", ".")))
    return sorted(entry.stem for entry in entries)


@lru_cache
def _both(folder: Path) -> tuple[Discovered, Discovered]:
    discoveries: tuple[Discovery, Discovery] = (StaticDiscovery(), ImportDiscovery())
    static, imported = (way.discover(folder, DiscoveryConfig()) for way in discoveries)
    return static, imported


def _of(case: str, found: Discovered) -> Iterator[Any]:
    for specs in (found.models, found.schemas, found.enums, found.operations):
        mine = [spec for spec in specs if spec.module.split(".")[0] == case]
        yield {spec.key: normal_form(spec) for spec in mine}
    yield [str(problem) for problem in found.diagnostics if case in str(problem.location)]


def test_there_are_enough_cases() -> None:
    assert len(_names(CASES)) >= 60


@pytest.mark.parametrize("case", _names(CASES))
def test_both_discoveries_say_the_same(case: str) -> None:
    static, imported = _both(CASES)
    ours, theirs = list(_of(case, static)), list(_of(case, imported))
    assert any(ours[:4]), "the case declares nothing"
    assert ours == theirs


def test_no_case_holds_a_difference_or_an_unknown() -> None:
    static, imported = _both(CASES)
    assert list(differences(static, imported)) == []
    assert (static.diagnostics, imported.diagnostics) == ((), ())


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax of Python 3.12")
@pytest.mark.parametrize("case", _names(NEWER))
def test_both_read_newer_syntax(case: str) -> None:
    static, imported = _both(NEWER)
    ours, theirs = list(_of(case, static)), list(_of(case, imported))
    assert any(ours[:4]), "the case declares nothing"
    assert ours == theirs


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python reads it")
def test_an_older_python_says_which_one_reads_newer_syntax() -> None:
    found = StaticDiscovery().discover(NEWER, DiscoveryConfig()).diagnostics
    assert [problem.code for problem in found] == ["PLD008"] * len(_names(NEWER))
    assert all("Python 3.12" in problem.hint for problem in found)
