"""Which findings count: configuration, and comments in the code."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pulpo_analysis import Analysis
from pulpo_analysis.diagnostics.diagnostic import Diagnostic

MODELS = """\
from decimal import Decimal

from beanie import Document
from pulpo_base import datamodel


@datamodel(
    tags=["x"],
)
class Order(Document):{comment}

    total: int{field}
    api_key: str
"""


@pytest.fixture
def found(analysed: Callable[..., Analysis]) -> Callable[..., list[Diagnostic]]:
    """Return a function: configuration, comment and field to the findings in one model."""

    def run(lint: str = "", comment: str = "", field: str = "") -> list[Diagnostic]:
        models = MODELS.replace("{comment}", comment).replace("{field}", field)
        return list(analysed({".pulpo.yml": lint, "shop/models.py": models}).diagnostics)

    return run


def _codes(found: list[Diagnostic]) -> dict[str, str]:
    return {item.code: item.severity.value for item in found}


BOTH = {"PLM006": "info", "PLM022": "warning"}


@pytest.mark.parametrize(
    ("lint", "codes"),
    [
        ("", BOTH),
        ("lint: {select: [PLM006]}", {"PLM006": "info"}),
        ("lint: {ignore: [PLM]}", {}),
        ("lint: {select: [PLM], ignore: [PLM006]}", {"PLM022": "warning"}),
        ("lint: {per_file_ignores: {'shop/*': [PLM006]}}", {"PLM022": "warning"}),
        ("lint: {per_file_ignores: {'other/*': [PLM006]}}", BOTH),
        ("lint: {levels: {PLM006: warning}}", {"PLM006": "warning", "PLM022": "warning"}),
        ("lint: {levels: {PLM006: off}}", {"PLM022": "warning"}),
        ("lint: {levels: {PLM: off, PLM022: error}}", {"PLM022": "error"}),
    ],
)
def test_configuration(
    lint: str, codes: dict[str, str], found: Callable[..., list[Diagnostic]]
) -> None:
    assert _codes(found(lint)) == codes


def test_an_error_is_never_left_out(found: Callable[..., list[Diagnostic]]) -> None:
    lint = "lint: {ignore: [PLM], levels: {PLM005: off}, per_file_ignores: {'*': [PLM005]}}"
    comment = "  # pulpo: ignore[PLM005] no"
    said = found(lint, field=f"\n    price: Decimal{comment}")
    assert _codes(said) == {"PLM005": "error", "PLC006": "warning"}
    assert [item.hint for item in said if item.code == "PLC006"] == [
        "errors stop generation, and cannot be ignored"
    ]


@pytest.mark.parametrize(
    "lint",
    [
        "lint: {select: [PLX]}",
        "lint: {levels: {PLX: info}}",
        "lint: {levels: {PLM006: loud}}",
        "lint: {per_file_ignores: {'*': [PLX]}}",
    ],
)
def test_mistakes_in_the_configuration(lint: str, found: Callable[..., list[Diagnostic]]) -> None:
    assert _codes(found(lint))["PLC003"] == "error"


def test_a_comment_silences_the_statement_that_it_stands_at(
    found: Callable[..., list[Diagnostic]],
) -> None:
    both = "  # noqa: D101  # pulpo: ignore[PLM006] said elsewhere"
    assert _codes(found(comment=both)) == {"PLM022": "warning"}
    above = "\n    # pulpo: ignore[PLM022] a public key\n    # and more"
    assert _codes(found(field=above)) == {"PLM006": "info"}
    inside = "\n    # pulpo: ignore[PLM006] not here"
    assert _codes(found(field=inside)) == {**BOTH, "PLC006": "warning"}


def test_a_comment_anywhere_in_the_head_counts(analysed: Callable[..., Analysis]) -> None:
    comment = "  # pulpo: ignore[PLM006] said elsewhere"
    lines = MODELS.replace("{comment}", "").replace("{field}", "").splitlines(keepends=True)
    for line in (6, 7, 8, 9):
        marked = [*lines]
        marked[line] = marked[line].rstrip("\n") + comment + "\n"
        analysis = analysed({"shop/models.py": "".join(marked)})
        assert _codes(list(analysis.diagnostics)) == {"PLM022": "warning"}, line
    marked = [*lines[:6], comment.strip() + "\n", *lines[6:]]
    assert _codes(list(analysed({"shop/models.py": "".join(marked)}).diagnostics)) == {
        "PLM022": "warning"
    }


@pytest.mark.parametrize(
    ("comment", "codes", "hint"),
    [
        ("# pulpo: ignore", {"PLC005"}, "write `# pulpo: ignore[CODE] why it is right here`"),
        ("# pulpo: ignore[] why", {"PLC005"}, "write `# pulpo: ignore[CODE] why it is right here`"),
        ("# pulpo: ignore[PLM066] why", {"PLC006"}, "did you mean"),
        ("# pulpo:ignore[PLM001, plm006]: why", {"PLC006"}, "remove it"),
        ("# pulpo: ignored, and more words", set(), ""),
        ('"# pulpo: ignore[PLM001] text"', set(), ""),
    ],
)
def test_comments_that_do_nothing(
    comment: str, codes: set[str], hint: str, found: Callable[..., list[Diagnostic]]
) -> None:
    said = [item for item in found(comment=f"\n    {comment}") if item.code.startswith("PLC")]
    assert {item.code for item in said} == codes
    assert all(item.hint.startswith(hint) for item in said)
