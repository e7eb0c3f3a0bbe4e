"""Targets and their rows: tables, paths that cannot be, paths that collide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pytest

from pulpo_analysis.analysis import Analysis
from pulpo_base.specs import SourceLocation
from pulpo_codegen.errors import GenerationBugError
from pulpo_codegen.plan import (
    EXECUTABLE,
    PlanRow,
    Row,
    TableTarget,
    make_plan,
    once,
    per_flow,
    per_model,
    per_operation,
)


@dataclass(frozen=True, slots=True)
class Named:
    name: str


def target_of(*paths: str, name: str = "test") -> TableTarget:
    return TableTarget(
        name,
        tuple(
            Row(
                template="t.jinja",
                each=once,
                path=path,
                context=lambda analysis, _: Named(analysis.app.name),
            )
            for path in paths
        ),
    )


def test_a_table_makes_a_row_for_each_item(shop: Analysis) -> None:
    table = TableTarget(
        "test",
        (
            Row(
                template="m",
                each=per_model,
                path=lambda model: f"m/{model.name}",
                context=lambda _, model: Named(model.name),
                when=lambda _, model: model.name != "Order",
            ),
            Row(
                template="o",
                each=per_operation,
                path=lambda operation: f"o/{operation.name}",
                context=lambda _, operation: Named(operation.name),
            ),
            Row(
                template="f",
                each=per_flow,
                path=lambda flow: f"f/{flow.name}",
                context=lambda _, flow: Named(flow.name),
            ),
            Row(
                template="x",
                each=once,
                path="x",
                context=lambda analysis, _: Named(analysis.app.name),
                mode=EXECUTABLE,
            ),
        ),
    )
    plan = make_plan(shop, [table])
    assert not plan.diagnostics
    assert [row.path for row in plan.rows] == [
        "f/orders",
        "m/Customer",
        "o/orders.pay",
        "o/orders.place",
        "o/ping",
        "x",
    ]
    flow, customer, *_, single = plan.rows
    assert [str(place) for place in flow.origins] == [
        "operations/orders.py:20:1",
        "operations/orders.py:21:1",
    ]
    assert customer.origins == (SourceLocation("models/customer.py", 8),)
    assert customer.context == Named("Customer")
    assert single.origins == ()
    assert single.mode == EXECUTABLE


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../out.py",
        "a/../../b",
        "a/./b",
        "a//b",
        "a/",
        "a\\b",
        "c:/x",
        "a\nb",
        "a\x00b",
        "con",
        "docs/NUL.md",
        "a.",
        "a ",
        " a",
        "a\u202eb",
        "\ud800",
        "x" * 201,
        ".manifest.json",
    ],
)
def test_paths_that_cannot_be(shop: Analysis, path: str) -> None:
    (found,) = make_plan(shop, [target_of(path)]).diagnostics
    assert found.code == "PLW003"
    assert repr(path) in found.message


@pytest.mark.parametrize("path", ["a", ".hidden", "a b/c-d_e.f.py", "größe/日本.md", "console.py"])
def test_paths_that_can_be(shop: Analysis, path: str) -> None:
    assert not make_plan(shop, [target_of(path)]).diagnostics


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a/b.py", "a/b.py"),
        ("a/B.py", "a/b.py"),
        ("stra\u00dfe", "STRASSE"),
        ("e\u0301", "\u00e9"),
        ("a", "a/b"),
        ("A", "a/b/c"),
    ],
)
def test_paths_that_collide(shop: Analysis, one: str, other: str) -> None:
    plan = make_plan(shop, [target_of(one, name="x"), target_of(other, name="y")])
    (found,) = plan.diagnostics
    assert found.code == "PLW006"


def test_a_collision_names_both_places(shop: Analysis) -> None:
    table = TableTarget(
        "test",
        (
            Row(
                template="m",
                each=per_model,
                path="all.md",
                context=lambda _, model: Named(model.name),
            ),
        ),
    )
    (found,) = make_plan(shop, [table]).diagnostics
    assert {place.path for place in found.locations} == {"models/customer.py", "models/order.py"}


def test_a_target_speaks_for_itself_only(shop: Analysis) -> None:
    class Liar:
        name = "liar"
        needs = ()

        def rows(self, analysis: Analysis) -> Iterable[PlanRow]:
            return [PlanRow("a", "t.jinja", Named("x"), "docs")]

    with pytest.raises(GenerationBugError, match="'liar' made a row for target 'docs'"):
        make_plan(shop, [Liar()])


def test_a_plan_does_not_depend_on_the_order_of_targets(shop: Analysis) -> None:
    first, second = target_of("b", "d", name="x"), target_of("a", "c", name="y")
    app = replace(shop.app, models=tuple(reversed(shop.app.models)))
    assert make_plan(shop, [first, second]) == make_plan(replace(shop, app=app), [second, first])
