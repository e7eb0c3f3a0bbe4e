"""Names of the user's as Python identifiers."""

from __future__ import annotations

import keyword
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulpo_analysis.registries.naming import (
    identifier,
    lower_identifier,
    snake_identifier,
)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("orders.place", "orders_place"),
        ("class", "class_"),
        ("match", "match_"),
        ("orders.class", "orders_class"),
        ("2fast", "_2fast"),
        ("a²", "a2"),
        ("", "__"),
        ("größe", "größe"),
        ("x\n); import os", "x____import_os"),
    ],
)
def test_identifier(name: str, wanted: str) -> None:
    assert identifier(name) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"), [("Order", "order"), ("Return", "return_"), ("None", "none"), ("ℝ", "r")]
)
def test_lower_identifier(name: str, wanted: str) -> None:
    assert lower_identifier(name) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("StockMovement", "stock_movement"),
        ("HTTPServer", "http_server"),
        ("Order2Line", "order2_line"),
        ("order_line", "order_line"),
        ("Return", "return_"),
    ],
)
def test_snake_identifier(name: str, wanted: str) -> None:
    assert snake_identifier(name) == wanted


@given(st.text())
def test_any_text_becomes_an_identifier_as_python_keeps_it(name: str) -> None:
    for found in (identifier(name), lower_identifier(name), snake_identifier(name)):
        assert found.isidentifier()
        assert not keyword.iskeyword(found)
        assert unicodedata.normalize("NFKC", found) == found
