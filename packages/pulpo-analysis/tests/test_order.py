"""Rule 2 pairs neighbours; with what follows from them that is every pair that the rule names."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from pulpo_analysis.dataflow.digraph import reachable
from pulpo_analysis.dataflow.order import order_edges
from pulpo_base.specs import OperationSpec, SourceLocation

NAMES = ("f.a", "f.b", "f.c", "f.d", "f.e", "f.f")
#: Of each operation: whether it updates the model or reads it, its file, what it is after.
drawn = st.lists(
    st.tuples(st.booleans(), st.sampled_from(["one.py", "two.py"]), st.sampled_from(["", *NAMES])),
    min_size=2,
    max_size=len(NAMES),
)


def _operations(parts: list[tuple[bool, str, str]]) -> list[OperationSpec]:
    ordered = sorted(zip(NAMES, parts, strict=False), key=lambda item: (item[1][1], item[0]))
    return [
        OperationSpec(
            name=name,
            module="m",
            qualname=name[2:],
            location=SourceLocation(path, line),
            models_in=("Order",),
            models_out=("Order",) if updates else (),
            after=(after,) if after else (),
        )
        for line, (name, (updates, path, after)) in enumerate(ordered, start=1)
    ]


@given(drawn)
def test_every_pair_of_rule_2_is_ordered(parts: list[tuple[bool, str, str]]) -> None:
    operations = _operations(parts)
    known = {operation.name for operation in operations}
    afters = [(name, op.name) for op in operations for name in op.after if name in known]
    explicit = reachable(afters)

    found = reachable(order_edges(operations, {}, {})[0])

    for first, second in combinations(operations, 2):
        said = second.name in explicit.get(first.name, ()) or first.name in explicit.get(
            second.name, ()
        )
        if (first.models_out or second.models_out) and not said:
            one_way = second.name in found.get(first.name, ())
            # Of two files the rest may have decided, the other way round.
            other_way = first.location.path != second.location.path and first.name in found.get(
                second.name, ()
            )
            assert one_way or other_way


def test_of_many_updates_in_one_file_neighbours_are_pairs() -> None:
    operations = _operations([(True, "one.py", "")] * 6)

    edges, guesses = order_edges(operations, {}, {})

    assert sorted(edges) == list(pairwise(NAMES))
    assert guesses == ()
