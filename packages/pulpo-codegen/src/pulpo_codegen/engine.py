"""`Engine`: the steps of one compile, plan to write, with the extensions around them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_codegen.check import RenderedFile, check
from pulpo_codegen.errors import GenerationBugError
from pulpo_codegen.events import TargetLog
from pulpo_codegen.extensions.extension import Extension
from pulpo_codegen.extensions.steps import ExtensionFailedError, around, guarded
from pulpo_codegen.extensions.templates import (
    missing_template,
    template_failure,
    template_folders,
    unknown_overrides,
)
from pulpo_codegen.plan import Plan, PlanRow, Target
from pulpo_codegen.plan.planner import collected, judged, path_findings
from pulpo_codegen.render import Renderer
from pulpo_codegen.write.files import FileSystem
from pulpo_codegen.write.plan import EMPTY_PLAN
from pulpo_codegen.write.tree import WriteOutcome, known_hashes, write_tree

__all__ = ["Engine"]


@dataclass(frozen=True, slots=True)
class _Timed:
    """A target whose rows are timed."""

    target: Target
    log: TargetLog

    @property
    def name(self) -> str:
        return self.target.name

    @property
    def needs(self) -> tuple[str, ...]:
        return self.target.needs

    def rows(self, analysis: Analysis) -> Iterable[PlanRow]:
        with self.log.timed(self.name):
            return list(self.target.rows(analysis))


class Engine:
    """What generates one project: its extensions, of which the first is the built-in one."""

    def __init__(
        self, analysis: Analysis, extensions: Sequence[Extension], renderer: Renderer | None
    ) -> None:
        """Find the targets and templates; nothing is rendered yet."""
        self._analysis = analysis
        self._extensions = tuple(extensions)
        built_in, *others = extensions
        self._built_in = built_in
        root = analysis.root
        self.targets: tuple[Target, ...] = (
            *built_in.targets,
            *(target for extension in others for target in guarded(extension, root)),
        )
        self._folders = template_folders(root, extensions)
        self._renderer = renderer or Renderer(self._folders)

    def run(
        self,
        targets: Sequence[Target],
        *,
        only: frozenset[str] | None,
        scope: frozenset[str] | None,
        force: bool,
        dry_run: bool,
        files: FileSystem,
        lock_seconds: float,
        log: TargetLog,
        progress: Callable[[int, int], None] | None,
    ) -> WriteOutcome:
        """Generate the targets; the other arguments are those of `write_tree`.

        With `only`, of all paths these alone; no file is deleted then.

        `log` measures each target, `progress` hears how many files of how many are rendered.
        """
        root = self._analysis.root

        def write(rendered: tuple[RenderedFile, ...]) -> WriteOutcome:
            if found := tuple(path_findings(rendered)):
                return WriteOutcome(EMPTY_PLAN, found)
            return write_tree(
                root,
                rendered,
                scope=scope if only is None else frozenset(),
                force=force,
                dry_run=dry_run,
                files=files,
                lock_seconds=lock_seconds,
            )

        plan = Plan(())
        try:
            plan = self._plan(targets, log)
            noticed = (*unknown_overrides(root, self._folders), *plan.diagnostics)
            if any(found.severity is Severity.ERROR for found in noticed):
                return WriteOutcome(EMPTY_PLAN, noticed)
            if only is not None:
                plan = replace(plan, rows=tuple(row for row in plan.rows if row.path in only))
            known = known_hashes(root, files)
            rendered = tuple(self._files(plan, log, progress, known))
            outcome = around(self._extensions, "write", write, root)(rendered)
        except ExtensionFailedError as failed:
            return WriteOutcome(EMPTY_PLAN, (failed.diagnostic,))
        except GenerationBugError as error:
            theirs = self._blamed(error, plan)
            if theirs is None:
                raise
            return WriteOutcome(EMPTY_PLAN, (theirs,))
        return WriteOutcome(outcome.plan, (*noticed, *outcome.diagnostics), outcome.applied)

    def _plan(self, targets: Sequence[Target], log: TargetLog) -> Plan:
        def plan(analysis: Analysis) -> Plan:
            return collected(analysis, [_Timed(target, log) for target in targets])

        made = judged(around(self._extensions, "plan", plan, self._analysis.root)(self._analysis))
        names = {target.name for target in targets}
        for row in made.rows:
            if row.target not in names:
                problem = f"a row for the target {row.target!r}, which is not being generated"
                raise GenerationBugError(problem, template=row.template, path=row.path)
        return made

    def _files(
        self,
        plan: Plan,
        log: TargetLog,
        progress: Callable[[int, int], None] | None,
        known: frozenset[str],
    ) -> Iterator[RenderedFile]:
        root = self._analysis.root
        render = around(self._extensions, "render", self._renderer.render, root)
        judge = around(self._extensions, "check", partial(check, known=known), root)
        for number, row in enumerate(plan.rows):
            if progress is not None:
                progress(number, len(plan.rows))
            with log.timed(row.target):
                yield judge(render(row))

    def _blamed(self, error: GenerationBugError, plan: Plan) -> Diagnostic | None:
        """Return the mistake as that of the project or of an extension, `None` if it is ours."""
        root = self._analysis.root
        found = template_failure(error, self._folders, self._built_in.templates, root)
        if found is not None:
            return found
        ours = {target.name for target in self._built_in.targets}
        theirs = (row for row in plan.rows if row.template == error.template)
        target = next((row.target for row in theirs if row.target not in ours), None)
        return None if target is None else missing_template(target, error, root)
