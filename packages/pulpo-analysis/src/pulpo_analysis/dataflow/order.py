"""Which operation of a flow runs before which, and by which rule (docs/data-flow.md, 1-3 and 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

from pulpo_analysis.dataflow.digraph import reachable
from pulpo_base.flows.plan import EdgeReason, OrderRule
from pulpo_base.specs import OperationSpec

__all__ = ["Access", "Edges", "OrderGuess", "order_edges"]

#: Every ordered pair of operation names with the reasons that order it.
Edges = dict[tuple[str, str], tuple[EdgeReason, ...]]


@dataclass(frozen=True, slots=True)
class Access:
    """What one operation does to models: creates, updates or reads."""

    creates: frozenset[str]
    updates: frozenset[str]
    reads: frozenset[str]

    @classmethod
    def of(cls, operation: OperationSpec) -> Access:
        """Return the access that `models_in` and `models_out` declare."""
        before = frozenset(operation.models_in or ())
        after = frozenset(operation.models_out or ())
        return cls(creates=after - before, updates=after & before, reads=before - after)


@dataclass(frozen=True, slots=True)
class OrderGuess:
    """Two operations ordered only by the names of the files that they stand in."""

    before: OperationSpec
    after: OperationSpec
    model: str


def order_edges(
    operations: Sequence[OperationSpec],
    ranks: Mapping[str, int],
    bound: Mapping[str, frozenset[str]],
) -> tuple[Edges, tuple[OrderGuess, ...]]:
    """Return the order of operations by all rules, and where file names had to decide.

    `operations` are in the order of the code. `ranks` gives the place of each operation's
    stage, for those that have one; `bound` the operations that each explicitly binds to.
    """
    return _Order(operations, ranks, bound).decide()


@dataclass(slots=True)
class _Order:
    operations: Sequence[OperationSpec]
    ranks: Mapping[str, int]
    bound: Mapping[str, frozenset[str]]
    reasons: defaultdict[tuple[str, str], list[EdgeReason]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def decide(self) -> tuple[Edges, tuple[OrderGuess, ...]]:
        self._explicit()
        self._stages()
        explicit = reachable(set(self.reasons))
        self._creators()
        across: list[OrderGuess] = []
        for pair in self._declared_first(explicit):
            if pair.before.location.path == pair.after.location.path:
                self._add_declared(pair)
            else:
                across.append(pair)
        settled = reachable(set(self.reasons))
        guesses = [
            pair for pair in across if pair.after.name not in settled.get(pair.before.name, ())
        ]
        for pair in guesses:
            self._add_declared(pair)
        edges = {pair: tuple(reasons) for pair, reasons in sorted(self.reasons.items())}
        return edges, tuple(guesses)

    def _explicit(self) -> None:
        """Rule 3, and the operations that `bind` names."""
        by_name = {operation.name: operation for operation in self.operations}
        for operation in self.operations:
            for name in operation.after:
                if name in by_name:
                    self._add(by_name[name], operation, OrderRule.AFTER)
            for name in sorted(self.bound.get(operation.name, ())):
                self._add(by_name[name], operation, OrderRule.BIND)

    def _stages(self) -> None:
        """Rule 7: neighbouring stages are enough, the rest follows."""
        by_rank: defaultdict[int, list[OperationSpec]] = defaultdict(list)
        for operation in self.operations:
            if operation.name in self.ranks:
                by_rank[self.ranks[operation.name]].append(operation)
        for earlier, later in pairwise(sorted(by_rank)):
            for before, after in product(by_rank[earlier], by_rank[later]):
                self._add(before, after, OrderRule.STAGE)

    def _creators(self) -> None:
        """Rule 1: a model is created before anything else happens to it."""
        for model, touching in self._by_model():
            creators = [op for op, access in touching if model in access.creates]
            others = [op for op, access in touching if model not in access.creates]
            for before, after in product(creators, others):
                self._add(before, after, OrderRule.CREATES, model)

    def _declared_first(self, explicit: Mapping[str, frozenset[str]]) -> Iterator[OrderGuess]:
        """Rule 2: of two that touch a model, one updating it, the first in the code goes first.

        An explicit order of the pair, by `after`, `bind` or stages, is not guessed at again. A
        pair of one file with an update between the two is left out, because it follows: pairs
        would otherwise be as many as the square of the updates.
        """

        def said(one: OperationSpec, other: OperationSpec) -> bool:
            return other.name in explicit.get(one.name, ()) or one.name in explicit.get(
                other.name, ()
            )

        for model, touching in self._by_model():
            users = [(op, access) for op, access in touching if model not in access.creates]
            for at, (second, two) in enumerate(users):
                between: OperationSpec | None = None
                for first, one in reversed(users[:at]):
                    if model not in one.updates | two.updates or said(first, second):
                        continue
                    same_file = first.location.path == second.location.path
                    if between and same_file and not said(first, between):
                        continue
                    yield OrderGuess(first, second, model)
                    if between is None and same_file and model in one.updates:
                        between = first

    def _by_model(self) -> Iterator[tuple[str, list[tuple[OperationSpec, Access]]]]:
        touching: defaultdict[str, list[tuple[OperationSpec, Access]]] = defaultdict(list)
        for operation in self.operations:
            access = Access.of(operation)
            for model in sorted(access.creates | access.updates | access.reads):
                touching[model].append((operation, access))
        yield from sorted(touching.items())

    def _add_declared(self, pair: OrderGuess) -> None:
        self._add(pair.before, pair.after, OrderRule.DECLARED_FIRST, pair.model)

    def _add(
        self, before: OperationSpec, after: OperationSpec, rule: OrderRule, model: str | None = None
    ) -> None:
        places = (
            (before.said_at(model), after.said_at(model))
            if model
            else (before.location, after.location)
        )
        reason = EdgeReason(rule, model, places)
        reasons = self.reasons[before.name, after.name]
        if reason not in reasons:
            reasons.append(reason)
