"""Questions to an analysed project: why, path, impact, unused, observed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pulpo_analysis import Analysis, analyse
from pulpo_analysis.questions.chains import find_path
from pulpo_analysis.questions.impact import impact
from pulpo_analysis.questions.observed import observed
from pulpo_analysis.questions.order import Order, why
from pulpo_analysis.questions.unused import unused


def test_why_shows_the_chain_or_says_that_there_is_none(example: Path) -> None:
    analysis = analyse(example)

    before = why("orders.place", "orders.ship", analysis)
    assert (before.order, before.flow) == (Order.BEFORE, "orders")
    assert before.chain[0].before == "orders.place"
    assert before.chain[-1].after == "orders.ship"
    assert all(reason.locations for edge in before.chain for reason in edge.reasons)
    assert {one.after for one in before.chain[:-1]} == {two.before for two in before.chain[1:]}

    after = why("orders.ship", "orders.place", analysis)
    assert (after.order, after.chain) == (Order.AFTER, before.chain)
    assert why("orders.ship", "orders.ship", analysis).order is Order.SAME
    # A step is no separate run from its own flow, and the flow runs before nothing of its own.
    assert why("orders", "orders.ship", analysis).order is Order.SEPARATE


def test_parallel_steps_and_separate_flows(analysed: Callable[..., Analysis]) -> None:
    code = """
        from beanie import Document
        from pulpo_base import datamodel, operation

        @datamodel
        class Book(Document): ...

        @operation(name="buy.order", models_out=[Book])
        async def order() -> None: ...

        @operation(name="buy.pay", models_in=[Book])
        async def pay() -> None: ...

        @operation(name="buy.shelve", models_in=[Book])
        async def shelve() -> None: ...

        @operation(name="lend.give", models_in=[Book])
        async def give() -> None: ...

        @operation(name="lend.remind", after="lend.give")
        async def remind() -> None: ...
        """
    analysis = analysed({"books.py": code})
    parallel = why("buy.pay", "buy.shelve", analysis)
    separate = why("buy.pay", "lend.give", analysis)
    assert (parallel.order, parallel.chain) == (Order.PARALLEL, ())
    assert separate.order is Order.SEPARATE
    assert [(edge.before, edge.after) for edge in separate.chain] == [("buy", "lend")]
    assert str(separate.chain[0].reasons[0]) == "creates Book"


def test_path_follows_the_data_where_it_can(example: Path) -> None:
    graph = analyse(example).graph
    there = find_path(graph, "model:Order", "model:Shipment")
    assert there.directed
    assert [(e.source, e.kind.value) for e in there.edges] == [
        ("operation:orders.ship", "READS"),
        ("operation:orders.ship", "WRITES"),
    ]
    back = find_path(graph, "model:Shipment", "model:Order")
    assert (back.directed, len(back.edges)) == (False, 1)
    assert find_path(graph, "model:Order", "model:Order").edges == ()


def test_impact_of_a_model_and_of_a_field(example: Path) -> None:
    analysis = analyse(example)
    model = analysis.app.model("Order")
    assert model is not None
    whole = impact(model, "", analysis)
    assert {use.name: use.how for use in whole.operations} == {
        "orders.check.price": "reads",
        "orders.check.stock": "updates",
        "orders.place": "creates, returns it",
        "orders.ship": "updates",
    }
    assert [use.name for use in whole.flows] == ["orders"]
    assert [(use.name, use.how) for use in whole.models] == [("Shipment", "Shipment.order links")]
    assert [use.name for use in whole.further] == ["Shipment"]

    shipment = analysis.app.model("Shipment")
    assert shipment is not None
    field = impact(shipment, "order", analysis)
    assert [(use.name, use.how) for use in field.indexes] == [("order", "index")]
    assert [use.name for use in field.models] == ["Order"]
    assert impact(shipment, "id", analysis).indexes == ()


def test_unused(analysed: Callable[..., Analysis]) -> None:
    code = """
        from enum import Enum

        from beanie import Document
        from pulpo_base import datamodel, operation
        from pydantic import BaseModel

        class Kind(Enum):
            A = "a"

        class Base(BaseModel):
            kind: Kind

        class Line(Base):
            pieces: int = 1

        class Forgotten(BaseModel):
            pieces: int = 1

        class Colour(Enum):
            RED = "red"

        @datamodel
        class Used(Document):
            lines: list[Line] = []

        @datamodel
        class Returned(Document): ...

        @datamodel
        class Lonely(Document):
            friend: str = ""

        @operation(name="a.use", models_in=[Used])
        async def use() -> Returned: ...

        @operation(name="b.nothing")
        async def nothing() -> None: ...

        @operation(name="c.meant", in_flow=False)
        async def meant() -> None: ...

        @operation(name="d.undo")
        async def undo() -> None: ...

        @operation(name="d.try", models_in=[Used], on_failure=undo)
        async def attempt() -> None: ...
        """
    found = unused(analysed({"things.py": code}))
    assert [(one.kind, one.name, one.location.line) for one in found] == [
        ("model", "Lonely", 31),
        ("operation", "b.nothing", 38),
        ("schema", "Forgotten", 17),
        ("enum", "Colour", 20),
    ]


def test_observed(analysed: Callable[..., Analysis]) -> None:
    code = """
        from beanie import Document
        from pulpo_base import datamodel, operation

        @datamodel
        class Order(Document):
            class Settings:
                name = "sales"

        @datamodel
        class Stock(Document): ...

        @operation(name="orders.pay", models_in=[Order, Stock], models_out=[Order])
        async def pay() -> None: ...

        @operation(name="orders.rest", models_in=[Order])
        async def rest() -> None: ...
        """
    access: dict[str, dict[str, dict[str, float]]] = {
        "orders.pay": {
            "sales": {"reads": 2, "writes": 0, "total_ms": 1.5},
            "Stock": {"reads": 0, "writes": 3},
            "elsewhere": {"reads": 1, "writes": 0},
        },
        "(no operation)": {"sales": {"reads": 9, "writes": 9}},
    }
    found = observed(analysed({"shop.py": code}).app, access)
    assert [(use.access, use.model, use.verdict.value, use.commands) for use in found] == [
        ("read", "Order", "used", 2),
        ("read", "Stock", "unseen", 0),
        ("read", "elsewhere", "undeclared", 1),
        ("write", "Order", "unseen", 0),
        ("write", "Stock", "undeclared", 3),
    ]
    assert {use.operation for use in found} == {"orders.pay"}
