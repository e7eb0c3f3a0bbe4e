"""Bodies as facts, and how the work on them grows."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from unittest import mock

import pytest

from pulpo_analysis import Analysis
from pulpo_analysis.discovery.bodies import solving
from pulpo_analysis.discovery.bodies.evaluation import evaluate_function
from pulpo_analysis.discovery.facts import ModuleFacts
from pulpo_analysis.discovery.reader import read_module
from pulpo_base.specs import OperationSpec, SourceLocation

Analyse = Callable[..., Analysis]

HEAD = """
from beanie import Document
from pulpo_base import datamodel, operation


@datamodel
class Order(Document):
    total: int = 0


"""
OPERATION = '@operation(name="orders.do")\nasync def do(data: Order) -> None:\n'


def _only(analysis: Analysis) -> OperationSpec:
    (operation,) = analysis.app.operations
    return operation


def _files(body: str, before: str = "", declared: str = "") -> dict[str, str]:
    operation = OPERATION.replace('"orders.do"', f'"orders.do"{declared}')
    return {"orders.py": HEAD.lstrip() + before + operation + body}


def test_facts_of_bodies_survive_pickling() -> None:
    lines = ["try:", "    x = [await y.z() for y in a]", "except E as e:", "    raise"]
    source = "async def f(a, *b):\n" + "".join(f"    {line}\n" for line in lines)
    facts = read_module(source.encode(), "f.py", "f")

    assert isinstance(facts, ModuleFacts)
    body = facts.functions["f"].body
    assert body is not None
    assert body.steps
    assert pickle.loads(pickle.dumps(facts)) == facts  # noqa: S301 - made in the same line


@pytest.mark.parametrize(
    "body",
    [
        "    x = " + " + ".join(["await Order.count()"] * 600),
        "    if data == 0:\n        pass\n"
        + "".join(f"    elif data == {i}:\n        pass\n" for i in range(600))
        + "    await Order.count()",
        "    with " + ", ".join(["open('a')"] * 400) + ":\n        await Order.count()",
        "".join(f"{'    ' * depth}if data:\n" for depth in range(1, 70))
        + f"{'    ' * 70}await Order.count()",
    ],
    ids=["a sum of 600", "600 elif", "400 contexts", "70 deep"],
)
def test_what_nests_without_an_end_is_read(analysed: Analyse, body: str) -> None:
    analysis = analysed(_files(body + "\n"))
    assert _only(analysis).models_in == ("Order",)


@pytest.mark.parametrize(
    "value",
    ["f(" * 60 + ")" * 60, "Order.find()" + ".sort()" * 200, "data" + ".a" * 300],
    ids=["calls", "chain", "attributes"],
)
def test_what_is_too_deep_is_not_known(analysed: Analyse, value: str) -> None:
    operation = _only(analysed(_files(f"    x = {value}\n")))
    assert not operation.body_known
    assert operation.inferred == ()


def test_helpers_that_call_each_other_are_followed_in_linear_work(analysed: Analyse) -> None:
    size = 150
    helpers = "".join(
        f"async def h{i}(order):\n    await h{(i + 1) % size}(order)\n    await last(order)\n\n\n"
        for i in range(size)
    )
    last = "async def last(order):\n    await order.save()\n    raise LookupError\n\n\n"
    with mock.patch.object(solving, "evaluate_function", wraps=evaluate_function) as evaluate:
        operation = _only(analysed(_files("    await h0(Order())\n", helpers + last)))

    assert operation.models_in is None
    assert operation.models_out == ("Order",)
    assert [raised.key for raised in operation.raises] == ["builtins.LookupError"]
    assert evaluate.call_count < 4 * size


def test_edges_name_the_statement_that_was_inferred(analysed: Analyse) -> None:
    before = (
        '@operation(name="orders.make")\n'
        "async def make() -> None:\n    await Order().insert()\n\n\n"
    )
    analysis = analysed(_files("    await Order.find_all().to_list()\n", before))

    (plan,) = analysis.flows
    (edge,) = plan.edges
    (reason,) = edge.reasons
    assert str(reason) == "creates Order"
    assert [place.line for place in reason.locations] == [12, 17]
    places = {(e.kind.value, e.reason): e.location for e in analysis.graph.edges if e.reason}
    assert places["WRITES", "creates (inferred)"] == SourceLocation("orders.py", 12, 11)
    assert places["READS", "models_in (inferred)"] == SourceLocation("orders.py", 17, 11)


def test_what_is_declared_is_not_changed(analysed: Analyse) -> None:
    declared = ", models_in=[], models_out=[Order]"
    operation = _only(analysed(_files("    await Order.delete_all()\n", declared=declared)))

    assert (operation.models_in, operation.models_out) == ((), ("Order",))
    assert operation.inferred == ()
    assert operation.said_at("Order") == operation.location
