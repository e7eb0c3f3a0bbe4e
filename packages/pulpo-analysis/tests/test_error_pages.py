"""Each code has a page, and the page's own examples show what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from pulpo_analysis import Analysis, Diagnostic
from pulpo_analysis.diagnostics.catalogue import CATALOGUE
from pulpo_analysis.diagnostics.pages import explanation
from pulpo_analysis.diagnostics.text import SourceLines, diagnostic_text
from pulpo_analysis.validation.cross_check import cross_check

GOLDEN = Path(__file__).parent / "cases" / "errors"
PAGES = files("pulpo_analysis.diagnostics") / "pages"
HEADINGS = ["What it means", "Why it matters", "Wrong", "Right"]
_BLOCK = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)

#: What no short project shows: a file that may not be read, another Python, deep nesting.
NOT_SHOWN = {"PLD002", "PLD008", "PLD015", "PLD016", "PLD030"}
#: A change needs two states of a project: test_change_pages.
SHOWN = sorted(code for code in set(CATALOGUE) - NOT_SHOWN if not code.startswith("PLV"))

#: What is found by importing the project, and only then.
IMPORTED = {"PLD009", "PLD010", "PLD011", "PLD012"}


def _files(code: str, heading: str) -> dict[str, str]:
    section = explanation(code).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return dict(_BLOCK.findall(section))


def _found(code: str, analysis: Analysis) -> tuple[Diagnostic, ...]:
    if code not in IMPORTED:
        return analysis.diagnostics
    return (*analysis.diagnostics, *cross_check(analysis.root, analysis.config.discovery))


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    # PLW codes are about writing files and PLE00x about extensions: the generator's work.
    pages = {page.name.removesuffix(".md") for page in PAGES.iterdir()}
    assert {name for name in pages if not name.startswith(("PLW", "PLE00"))} == set(CATALOGUE)


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_page_has_the_title_and_the_four_headings(code: str) -> None:
    text = explanation(code)
    assert text.startswith(f"# {code}: {CATALOGUE[code].title}\n")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS


@pytest.mark.parametrize("code", SHOWN)
def test_wrong_example_is_found(
    code: str, analysed: Callable[..., Analysis], golden: Callable[[Path, str], None]
) -> None:
    analysis = analysed(_files(code, "Wrong"))
    diagnostics = _found(code, analysis)
    assert code in {found.code for found in diagnostics}
    sources = SourceLines(analysis.root)
    texts = [diagnostic_text(found, sources) for found in diagnostics]
    golden(GOLDEN / f"{code}.txt", "\n".join(texts) + "\n")


@pytest.mark.parametrize("code", SHOWN)
def test_right_example_is_clean(code: str, analysed: Callable[..., Analysis]) -> None:
    analysis = analysed(_files(code, "Right"))
    diagnostics = _found(code, analysis)
    assert code not in {found.code for found in diagnostics}
    # A short example cannot also show who creates what: notes of other rules are left alone.
    left = {found.code for found in diagnostics if found.severity != "info"}
    # An example about the configuration holds no code, which is a finding of its own.
    assert left <= ({"PLD006"} if code.startswith("PLC") else set())


def test_a_page_is_found_in_any_case_and_an_unknown_code_is_refused() -> None:
    assert explanation("plm001") == explanation("PLM001")
    for unknown in ("PLX999", "", "../PLM001", "PLM001.md"):
        with pytest.raises(KeyError):
            explanation(unknown)
