"""Each code has a page, and the page's own examples show what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from pulpo_analysis import Analysis
from pulpo_analysis.diagnostics.catalogue import CATALOGUE
from pulpo_analysis.diagnostics.pages import explanation
from pulpo_analysis.diagnostics.text import SourceLines, diagnostic_text

GOLDEN = Path(__file__).parent / "cases" / "errors"
PAGES = files("pulpo_analysis.diagnostics") / "pages"
HEADINGS = ["What it means", "Why it matters", "Wrong", "Right"]
_BLOCK = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)

#: What no short project can show to whoever may read everything; tested with discovery.
NOT_SHOWN = {"PLD002", "PLD030"}
SHOWN = sorted(set(CATALOGUE) - NOT_SHOWN)


def _files(code: str, heading: str) -> dict[str, str]:
    section = explanation(code).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return dict(_BLOCK.findall(section))


def _codes(analysis: Analysis) -> set[str]:
    return {found.code for found in analysis.diagnostics}


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    # PLW codes are those of writing files, which is the generator's work.
    pages = {page.name.removesuffix(".md") for page in PAGES.iterdir()}
    assert {name for name in pages if not name.startswith("PLW")} == set(CATALOGUE)


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
    assert code in _codes(analysis)
    sources = SourceLines(analysis.root)
    texts = [diagnostic_text(found, sources) for found in analysis.diagnostics]
    golden(GOLDEN / f"{code}.txt", "\n".join(texts) + "\n")


@pytest.mark.parametrize("code", SHOWN)
def test_right_example_is_clean(code: str, analysed: Callable[..., Analysis]) -> None:
    analysis = analysed(_files(code, "Right"))
    # An example about the configuration holds no code, which is a finding of its own.
    left = _codes(analysis) - ({"PLD006"} if code.startswith("PLC") else set())
    allowed = {"PLO005"} if code.startswith(("PLB", "PLG", "PLO")) else set()
    assert code not in left
    assert left <= allowed


def test_a_page_is_found_in_any_case_and_an_unknown_code_is_refused() -> None:
    assert explanation("plm001") == explanation("PLM001")
    for unknown in ("PLX999", "", "../PLM001", "PLM001.md"):
        with pytest.raises(KeyError):
            explanation(unknown)
