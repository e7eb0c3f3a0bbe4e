"""A target as a table: a row says which template, for each of what, under which path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pulpo_analysis.analysis import Analysis
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.specs import ModelSpec, OperationSpec, SourceLocation
from pulpo_codegen.plan.reads import NOTHING, Fact, Reads
from pulpo_codegen.plan.row import REGULAR, PlanRow

__all__ = ["Row", "TableTarget", "once", "per_flow", "per_model", "per_operation"]

Item = TypeVar("Item")


def once(analysis: Analysis) -> Iterable[Analysis]:
    """One file for the whole project; the item is the analysis."""
    return (analysis,)


def per_model(analysis: Analysis) -> Iterable[ModelSpec]:
    """One file a model."""
    return analysis.app.models


def per_operation(analysis: Analysis) -> Iterable[OperationSpec]:
    """One file an operation."""
    return analysis.app.operations


def per_flow(analysis: Analysis) -> Iterable[FlowPlan]:
    """One file a top-level flow."""
    return analysis.flows


def _always(_analysis: Analysis, _item: object) -> bool:
    return True


def _places(analysis: Analysis, item: object) -> tuple[SourceLocation, ...]:
    """Where the item is declared; a flow is where its operations are."""
    if isinstance(item, FlowPlan):
        steps = (analysis.app.operation(step.operation) for step in item.steps)
        return tuple(sorted(spec.location for spec in steps if spec is not None))
    location = getattr(item, "location", None)
    return (location,) if isinstance(location, SourceLocation) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Generic[Item]):
    """One line of a target's table.

    For each item of `each` that `when` accepts there is one file: `template` rendered with
    `context(analysis, item)`, at `path` (a text, or a function of the item). `origins` says
    which places in user code the file is about; by default where the item is declared. `reads`
    names the facts that the file shows.
    """

    template: str
    each: Callable[[Analysis], Iterable[Item]]
    path: str | Callable[[Item], str]
    context: Callable[[Analysis, Item], object]
    when: Callable[[Analysis, Item], bool] = _always
    origins: Callable[[Analysis, Item], tuple[SourceLocation, ...]] = _places
    mode: int = REGULAR
    reads: Reads = NOTHING

    def files(self, analysis: Analysis, target: str) -> Iterator[PlanRow]:
        """Yield the files of this line."""
        for item in self.each(analysis):
            if not self.when(analysis, item):
                continue
            yield PlanRow(
                path=self.path if isinstance(self.path, str) else self.path(item),
                template=self.template,
                context=self.context(analysis, item),
                target=target,
                origins=self.origins(analysis, item),
                mode=self.mode,
            )


@dataclass(frozen=True, slots=True)
class TableTarget:
    """A `Target` that is nothing but its table, and the targets that it needs."""

    name: str
    table: tuple[Row[Any], ...]
    needs: tuple[str, ...] = ()

    def shown_facts(self, analysis: Analysis) -> dict[str, dict[Fact, object]]:
        """Return the facts that each file of the target shows, by its path."""
        return {
            row.path if isinstance(row.path, str) else row.path(item): row.reads.facts(
                analysis, item
            )
            for row in self.table
            for item in row.each(analysis)
            if row.when(analysis, item)
        }

    def rows(self, analysis: Analysis) -> Iterator[PlanRow]:
        """Yield the files of every line of the table."""
        for row in self.table:
            yield from row.files(analysis, self.name)
