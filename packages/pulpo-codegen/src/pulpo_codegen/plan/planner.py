"""`make_plan`: the rows of the chosen targets, sorted, with what is wrong about their paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_codegen import findings
from pulpo_codegen.errors import GenerationBugError
from pulpo_codegen.plan.paths import collision_key, unsafe_reason
from pulpo_codegen.plan.row import PlanRow, Target

__all__ = ["Plan", "make_plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Every file to be generated, sorted by path; not to be rendered while `diagnostics` is."""

    rows: tuple[PlanRow, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def make_plan(analysis: Analysis, targets: Iterable[Target]) -> Plan:
    """Ask each target for its rows and judge their paths.

    Raises `GenerationBugError` for a row that claims to be another target's.
    """
    rows: list[PlanRow] = []
    for target in targets:
        for row in target.rows(analysis):
            if row.target != target.name:
                problem = f"target {target.name!r} made a row for target {row.target!r}"
                raise GenerationBugError(problem, template=row.template, path=row.path)
            rows.append(row)
    rows.sort(key=lambda row: (row.path, row.target, row.template))
    return Plan(tuple(rows), (*_unsafe(rows), *_clashes(rows)))


def _unsafe(rows: list[PlanRow]) -> Iterator[Diagnostic]:
    for row in rows:
        if why := unsafe_reason(row.path):
            yield findings.unsafe_path(row.path, why, row.origins)


def _clashes(rows: list[PlanRow]) -> Iterator[Diagnostic]:
    taken: dict[str, PlanRow] = {}
    for row in rows:
        other = taken.setdefault(collision_key(row.path), row)
        if other is not row:
            yield _clash(row, other)
    for row in rows:
        for parent in PurePosixPath(row.path).parents:
            folder = collision_key(str(parent))
            if folder in taken:
                yield _clash(row, taken[folder])


def _clash(row: PlanRow, other: PlanRow) -> Diagnostic:
    origins = dict.fromkeys((*row.origins, *other.origins))
    return findings.same_path(row.path, other.path, tuple(origins))
