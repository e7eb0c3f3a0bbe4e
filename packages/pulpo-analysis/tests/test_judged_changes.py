"""How bad a change is, where the examples of the pages do not say it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pulpo_analysis import Analysis
from pulpo_analysis.changes.compare import compare
from pulpo_analysis.changes.snapshot import snapshot_of

PROJECT = """
    from enum import StrEnum
    from typing import Literal

    from beanie import Document
    from pulpo_base import datamodel, operation
    from pydantic import BaseModel

    class State(StrEnum):
        NEW = "new"

    class Kind(StrEnum):
        BOOK = "book"

    class Asked(BaseModel):
        kind: Kind

    class Answer(BaseModel):
        state: State
        colour: Literal["red"] = "red"

    @datamodel(permissions=["read"], write_permissions=["write"])
    class Order(Document): ...

    @operation(name="orders.ask", permissions=["ask"], models_in=[Order])
    async def ask(asked: Asked) -> Answer: ...
    """
_MODEL = 'permissions=["read"], write_permissions=["write"]'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # An enumeration that operations return is judged as a literal is.
        ('NEW = "new"', 'NEW = "new"; OLD = "old"', {("PLV016", "State.OLD", "breaking")}),
        ('l["red"]', 'l["red", "blue"]', {("PLV016", "Answer.colour", "breaking")}),
        ('BOOK = "book"', 'BOOK = "book"; CAR = "car"', {("PLV020", "Kind.CAR", "safe")}),
        # Who changes documents needs what readers need, too: that is told once.
        ('["ask"]', '["ask", "more"]', {("PLV019", "orders.ask.permissions", "breaking")}),
        ('["ask"]', "[]", {("PLV007", "orders.ask.permissions", "data risk")}),
        (
            '["ask"]',
            '["other"]',
            {
                ("PLV019", "orders.ask.permissions", "breaking"),
                ("PLV007", "orders.ask.permissions", "data risk"),
            },
        ),
        (
            _MODEL,
            'permissions=["write", "read"]',
            {("PLV019", "Order.permissions", "breaking")},
        ),
        (
            _MODEL,
            'write_permissions=["write", "read"]',
            {("PLV007", "Order.permissions", "data risk")},
        ),
        (
            _MODEL,
            'permissions=["read"], write_permissions=["write", "read", "more"]',
            {("PLV019", "Order.write_permissions", "breaking")},
        ),
        (_MODEL, 'permissions=["read"], write_permissions=["read", "write"]', set()),
    ],
)
def test_a_change_is_judged_by_whom_it_hurts(
    analysed: Callable[..., Analysis], old: str, new: str, expected: set[tuple[str, str, str]]
) -> None:
    assert PROJECT.count(old) == 1
    before = snapshot_of(analysed({"shop.py": PROJECT}))
    after = snapshot_of(analysed({"shop.py": PROJECT.replace(old, new)}))

    changes = compare(before, after)

    assert {(one.diagnostic.code, one.where, one.risk.value) for one in changes} == expected
