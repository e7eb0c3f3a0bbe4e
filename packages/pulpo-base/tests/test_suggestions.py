"""What is suggested for a name that is not known."""

from __future__ import annotations

import pytest

from pulpo_base.suggestions import did_you_mean

OPERATIONS = ["orders.place", "orders.pay", "reviews.pay", "orders.checkout.price"]


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("nmae", ["name", "age"], "did you mean 'name'?"),
        ("colour", ["name", "age"], ""),
        ("name", [], ""),
        ("orders.plaec", OPERATIONS, "did you mean 'orders.place'?"),
        ("orders.refund", OPERATIONS, ""),
        ("pay", OPERATIONS, "did you mean 'orders.pay' or 'reviews.pay'?"),
        ("a" * 5_000, ["a" * 4_999], ""),
    ],
)
def test_near_names_are_suggested(name: str, known: list[str], hint: str) -> None:
    assert did_you_mean(name, known) == hint
