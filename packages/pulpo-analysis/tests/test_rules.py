"""The data-flow rules, each stated once more as plainly as possible, on made-up operations."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations

from hypothesis import event, given, settings
from hypothesis import strategies as st

from pulpo_analysis import AppSpec, Severity
from pulpo_analysis.config.settings import FlowsConfig
from pulpo_analysis.dataflow.digraph import reachable
from pulpo_analysis.dataflow.flows import DataFlow, decide_flows
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.specs import ModelSpec, OperationSpec, SourceLocation

NAMES = ["f.a", "f.b", "f.s.c", "f.s.d", "f.s.deep.e", "f.t.g", "f.t.h"]
MODELS = ("X", "Y")


@st.composite
def operations(draw: st.DrawFn) -> tuple[OperationSpec, ...]:
    names = draw(st.permutations(NAMES))[: draw(st.integers(2, len(NAMES)))]
    touched = st.lists(st.sampled_from(MODELS), unique=True, max_size=1).map(tuple)
    found: list[OperationSpec] = []
    for line, name in enumerate(names, start=1):
        earlier = st.lists(st.sampled_from(names), unique=True, max_size=1).map(tuple)
        found.append(
            OperationSpec(
                name=name,
                module="m",
                qualname=name.replace(".", "_"),
                location=SourceLocation(draw(st.sampled_from(["m.py", "n.py"])), line),
                models_in=draw(touched),
                models_out=draw(touched),
                after=tuple(other for other in draw(earlier) if other != name),
                stage=draw(st.sampled_from([None, None, None, None, 1, 2])),
            )
        )
    return tuple(sorted(found, key=lambda operation: operation.location))


def _decided(found: tuple[OperationSpec, ...]) -> DataFlow:
    models = tuple(ModelSpec(name, "m", name, SourceLocation("m.py")) for name in MODELS)
    return decide_flows(AppSpec("app", models=models, operations=found), FlowsConfig())


def _before(plan: FlowPlan) -> set[tuple[str, str]]:
    closure = reachable((edge.before, edge.after) for edge in plan.edges)
    return {(first, second) for first, later in closure.items() for second in later}


@settings(deadline=None, max_examples=100)
@given(operations())
def test_every_plan_obeys_every_rule(found: tuple[OperationSpec, ...]) -> None:
    answer = _decided(found)
    event("planned" if answer.plans else "refused")
    for plan in answer.plans:
        before = _before(plan)
        for first, second in permutations(found, 2):
            pair = (first.name, second.name)
            if second.name in first.after:
                assert pair[::-1] in before
            if isinstance(first.stage, int) and isinstance(second.stage, int):
                assert first.stage >= second.stage or pair in before
            for model in MODELS:
                if _creates(first, model) and _touches(second, model):
                    assert _creates(second, model) or pair in before
        for first, second in combinations(found, 2):
            if any(_conflict(first, second, model) for model in MODELS):
                assert {(first.name, second.name), (second.name, first.name)} & before


@settings(deadline=None, max_examples=100)
@given(operations())
def test_a_subflow_is_one_node(found: tuple[OperationSpec, ...]) -> None:
    for plan in _decided(found).plans:
        before = _before(plan)
        for first, second in before:
            for one, other in _units(first, second):
                for early, late in (
                    (a.operation, b.operation)
                    for a in plan.steps
                    for b in plan.steps
                    if _inside(a.operation, one) and _inside(b.operation, other)
                ):
                    assert (early, late) in before


@settings(deadline=None, max_examples=60)
@given(operations())
def test_the_order_of_the_code_decides_only_where_nothing_else_does(
    found: tuple[OperationSpec, ...],
) -> None:
    answer = _decided(found)
    same_file = tuple(
        replace(operation, location=SourceLocation("m.py", index))
        for index, operation in enumerate(found, start=1)
    )
    guessed = {d.code for d in answer.diagnostics} & {"PLG003"}
    if answer.plans and not guessed:
        one_file = _decided(same_file).plans
        assert [_before(plan) for plan in one_file] == [_before(plan) for plan in answer.plans]
    assert "PLG003" not in {d.code for d in _decided(same_file).diagnostics}


@settings(deadline=None, max_examples=60)
@given(operations())
def test_what_is_not_planned_is_said(found: tuple[OperationSpec, ...]) -> None:
    answer = _decided(found)
    problems = {d.code: d.severity for d in answer.diagnostics if d.code in {"PLG001", "PLG002"}}
    assert len(problems) + len(answer.plans) <= 1
    if problems:
        meant = any(operation.after or operation.stage is not None for operation in found)
        wanted = Severity.ERROR if meant else Severity.WARNING
        assert set(problems.values()) == {wanted}


def _creates(operation: OperationSpec, model: str) -> bool:
    return model in (operation.models_out or ()) and model not in (operation.models_in or ())


def _touches(operation: OperationSpec, model: str) -> bool:
    return model in (*(operation.models_out or ()), *(operation.models_in or ()))


def _updates(operation: OperationSpec, model: str) -> bool:
    return model in (operation.models_out or ()) and model in (operation.models_in or ())


def _conflict(first: OperationSpec, second: OperationSpec, model: str) -> bool:
    if not (_touches(first, model) and _touches(second, model)):
        return False
    if _creates(first, model) or _creates(second, model):
        return False
    return _updates(first, model) or _updates(second, model)


def _units(first: str, second: str) -> list[tuple[str, str]]:
    """Return the units, below the last parent that the two share, that hold them."""
    one, other = first.split("."), second.split(".")
    shared = next(i for i in range(len(one)) if one[: i + 1] != other[: i + 1])
    return [(".".join(one[: shared + 1]), ".".join(other[: shared + 1]))]


def _inside(name: str, unit: str) -> bool:
    return name == unit or name.startswith(f"{unit}.")
