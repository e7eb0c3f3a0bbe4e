"""`make_plan`: the rows of the chosen targets, sorted, with what is wrong about their paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Protocol

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_base.specs import SourceLocation
from pulpo_codegen import findings
from pulpo_codegen.errors import GenerationBugError
from pulpo_codegen.plan.paths import collision_key, unsafe_reason
from pulpo_codegen.plan.row import PlanRow, Target

__all__ = ["Plan", "collected", "judged", "make_plan", "path_findings"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Every file to be generated, sorted by path; none is while an error is in `diagnostics`."""

    rows: tuple[PlanRow, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def make_plan(analysis: Analysis, targets: Iterable[Target]) -> Plan:
    """Ask each target for its rows and judge their paths.

    Raises `GenerationBugError` for a row that claims to be another target's.
    """
    return judged(collected(analysis, targets))


def collected(analysis: Analysis, targets: Iterable[Target]) -> Plan:
    """Return the rows of the targets, sorted by path and not yet judged. Raises as `make_plan`."""
    rows: list[PlanRow] = []
    for target in targets:
        for row in target.rows(analysis):
            if row.target != target.name:
                problem = f"target {target.name!r} made a row for target {row.target!r}"
                raise GenerationBugError(problem, template=row.template, path=row.path)
            rows.append(row)
    return _sorted(Plan(tuple(rows)))


def judged(plan: Plan) -> Plan:
    """Return the plan sorted, with what is wrong about its paths among the diagnostics."""
    plan = _sorted(plan)
    return replace(plan, diagnostics=(*plan.diagnostics, *path_findings(plan.rows)))


def _sorted(plan: Plan) -> Plan:
    rows = sorted(plan.rows, key=lambda row: (row.path, row.target, row.template))
    return replace(plan, rows=tuple(rows))


class Output(Protocol):
    """What the judgement of paths needs to know of a row, or of a file made of one."""

    @property
    def path(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def origins(self) -> tuple[SourceLocation, ...]: ...


def path_findings(outputs: Sequence[Output]) -> Iterator[Diagnostic]:
    """Yield a finding for each path that cannot be, alone or beside the others."""
    for output in outputs:
        if why := unsafe_reason(output.path):
            yield findings.unsafe_path(output.path, why, output.origins)
    yield from _clashes(outputs)


def _clashes(outputs: Sequence[Output]) -> Iterator[Diagnostic]:
    taken: dict[str, Output] = {}
    for output in outputs:
        other = taken.setdefault(collision_key(output.path), output)
        if other is not output:
            yield _clash(output, other)
    for output in outputs:
        for parent in PurePosixPath(output.path).parents:
            folder = collision_key(str(parent))
            if folder in taken:
                yield _clash(output, taken[folder])


def _clash(output: Output, other: Output) -> Diagnostic:
    origins = tuple(dict.fromkeys((*output.origins, *other.origins)))
    targets = tuple(sorted({output.target, other.target}))
    return findings.same_path(output.path, other.path, origins, targets)
