"""The selection grammar, and what it selects."""

from __future__ import annotations

from pathlib import Path

import pytest

from pulpo_analysis import analyse
from pulpo_analysis.questions.selected import select
from pulpo_analysis.questions.selection import Method, SelectionError, Term, parse_selection

NAMES = {
    "Order": {"Order"},
    "Ord*": {"Order"},
    "orders": {
        *("orders", "orders.check", "orders.place"),
        *("orders.check.price", "orders.check.stock", "orders.ship"),
    },
    "orders.check.*": {"orders.check.price", "orders.check.stock"},
    "operation:*p*e*": {"orders.place", "orders.ship", "orders.check.price", "orders.check.stock"}
    - {"orders.ship", "orders.check.stock"},
    "flow:orders.check": {"orders.check", "orders.check.price", "orders.check.stock"},
    "model:Shipment": {"Shipment", "orders.ship"},
    "tag:ware*": {"Shipment"},
    "+Shipment": {
        *("Shipment", "Order", "orders.ship", "orders.place"),
        *("orders.check.price", "orders.check.stock"),
    },
    "Shipment+": {"Shipment"},
    "Order,Shipment orders.ship": {"Order", "Shipment", "orders.ship"},
    "changed:main": {"Order"},
}


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        (" ,, ", []),
        ("Order", [(Method.NAME, "Order", False, False, 1)]),
        ("+a.b+", [(Method.NAME, "a.b", True, True, 1)]),
        ("x, +tag:y", [(Method.NAME, "x", False, False, 1), (Method.TAG, "y", True, False, 4)]),
        ("changed:v1:x", [(Method.CHANGED, "v1:x", False, False, 1)]),
    ],
)
def test_terms(text: str, terms: list[tuple[Method, str, bool, bool, int]]) -> None:
    def facts(term: Term) -> tuple[Method, str, bool, bool, int]:
        return term.method, term.value, term.upstream, term.downstream, term.position

    assert [facts(term) for term in parse_selection([text])] == terms


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("+", 1, "`+` needs a name"),
        ("Order, +", 8, "`+` needs a name"),
        ("++Order", 1, "too many `+`"),
        ("Order++", 1, "too many `+`"),
        ("x tga:y", 3, "unknown method 'tga'"),
        ("+tag:", 6, "nothing behind `tag:`"),
    ],
)
def test_bad_syntax_is_located(text: str, position: int, problem: str) -> None:
    with pytest.raises(SelectionError, match=r"selection .*") as caught:
        parse_selection([text])
    assert caught.value.position == position
    assert problem in str(caught.value)
    assert caught.value.hint


def test_what_terms_select(example: Path) -> None:
    analysis = analyse(example)
    names = {node.id: node.name for node in analysis.graph.nodes}

    def found(text: str) -> set[str]:
        chosen = select([text], analysis, lambda ref: {"model:Order", f"model:gone-{ref}"})
        return {names[node] for node in chosen.ids}

    assert {text: found(text) for text in NAMES} == NAMES
    assert found("") == set(names.values())
    # A flow counts as selected with any of its steps.
    assert [flow.name for flow in select(["orders.ship"], analysis).flows] == ["orders"]
    assert [op.name for op in select(["orders.s*", "Order"], analysis).operations] == [
        "orders.ship"
    ]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Shipmnet", "did you mean 'Shipment'?"),
        ("nothing.*", "did you mean"),
        ("tag:warehuose", "did you mean 'warehouse'?"),
        ("category:x", ""),
        ("model:orders", "did you mean 'Order'?"),
    ],
)
def test_what_nothing_matches_is_a_mistake(example: Path, text: str, hint: str) -> None:
    with pytest.raises(SelectionError) as caught:
        select([text], analyse(example))
    assert hint in caught.value.hint or caught.value.hint.startswith("known")
