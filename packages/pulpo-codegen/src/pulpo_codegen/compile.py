"""`compile_project`: from the analysis to the generated tree."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity, sort_diagnostics
from pulpo_codegen.check import check
from pulpo_codegen.errors import UnknownTargetError
from pulpo_codegen.plan import Target, make_plan
from pulpo_codegen.render import Renderer
from pulpo_codegen.targets import BUILT_IN_TARGETS
from pulpo_codegen.write.files import FileSystem, LocalFiles
from pulpo_codegen.write.plan import EMPTY_PLAN, WritePlan
from pulpo_codegen.write.tree import LOCK_SECONDS, write_tree

__all__ = ["CompileResult", "compile_project"]


@dataclass(frozen=True, slots=True)
class CompileResult:
    """What a compile did, or with `dry_run` would do.

    `diagnostics` holds the analysis' findings and those of generation, sorted. `targets` names
    the targets that were asked for. `applied` is whether the tree now is what `plan` says.
    """

    plan: WritePlan
    diagnostics: tuple[Diagnostic, ...]
    targets: tuple[str, ...]
    applied: bool

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings because of which nothing, or not everything, was written."""
        return tuple(found for found in self.diagnostics if found.severity is Severity.ERROR)


def compile_project(
    analysis: Analysis,
    *,
    targets: Sequence[str] | None = None,
    force: bool = False,
    dry_run: bool = False,
    registry: Sequence[Target] = BUILT_IN_TARGETS,
    renderer: Renderer | None = None,
    files: FileSystem | None = None,
    lock_seconds: float = LOCK_SECONDS,
) -> CompileResult:
    """Generate the targets (all, or those named) into the project's generated tree.

    A target brings those that it needs. Nothing is written where the analysis has errors, where
    two outputs share a path, or where a generated file was edited, which `force` overrides.
    Files of targets that were not asked for are left alone. `dry_run` decides everything and
    writes nothing, not even a lock.

    `registry` holds the targets there are, `renderer` the template folders, `files` the disk;
    `lock_seconds` is how long to wait for another compile.

    Raises `UnknownTargetError` for an unknown target and `GenerationBugError` for a mistake in a
    target or template; what is wrong with the project or the disk is in `diagnostics`.
    """
    chosen = _chosen(targets, registry)
    names = tuple(target.name for target in chosen)
    if analysis.errors:
        return CompileResult(EMPTY_PLAN, analysis.diagnostics, names, applied=False)
    plan = make_plan(analysis, chosen)
    if plan.diagnostics:
        found = sort_diagnostics((*analysis.diagnostics, *plan.diagnostics))
        return CompileResult(EMPTY_PLAN, found, names, applied=False)
    drafts = (renderer or Renderer()).render_all(plan.rows)
    outcome = write_tree(
        analysis.root,
        [check(draft) for draft in drafts],
        scope=None if targets is None else frozenset(names),
        force=force,
        dry_run=dry_run,
        files=files or LocalFiles(),
        lock_seconds=lock_seconds,
    )
    found = sort_diagnostics((*analysis.diagnostics, *outcome.diagnostics))
    return CompileResult(outcome.plan, found, names, outcome.applied)


def _chosen(names: Sequence[str] | None, registry: Sequence[Target]) -> tuple[Target, ...]:
    if names is None:
        return tuple(registry)
    known = {target.name: target for target in registry}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise UnknownTargetError(
                f"there is no target {name!r}.{hint} The targets are {', '.join(known)}."
            )
    wanted = {*names, *(needed for name in names for needed in known[name].needs)}
    return tuple(target for name, target in known.items() if name in wanted)
