"""“Did you mean …”."""

from __future__ import annotations

import pytest

from pulpo_analysis.diagnostics.suggestions import did_you_mean


@pytest.mark.parametrize(
    ("word", "known", "wanted"),
    [
        ("Oder", ["Order", "Customer"], "did you mean 'Order'?"),
        ("ORDER", ["Order"], "did you mean 'Order'?"),
        ("zzz", ["b", "a"], "known: a, b"),
        ("zzz", [], ""),
        ("", ["a"], "known: a"),
        ("zzz", [f"n{index}" for index in range(9)], "known: n0, n1, n2, n3, n4, n5, n6, n7, …"),
    ],
)
def test_did_you_mean(word: str, known: list[str], wanted: str) -> None:
    assert did_you_mean(word, known) == wanted
