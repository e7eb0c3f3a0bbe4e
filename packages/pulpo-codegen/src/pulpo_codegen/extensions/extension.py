"""`Extension`: one object that says all that an extension adds; `Hooks`: its middleware."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pulpo_analysis.analysis import Analysis
from pulpo_codegen.check.rendered import RenderedFile
from pulpo_codegen.plan.planner import Plan
from pulpo_codegen.plan.row import PlanRow, Target
from pulpo_codegen.render.draft import FileDraft
from pulpo_codegen.write.tree import WriteOutcome

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["NO_HOOKS", "Extension", "Hooks"]


class Hooks:
    """Middleware around the four steps of a compile; each method here only passes on.

    `proceed` does the step, the hooks of later extensions included. A hook may change what it
    gives to it and what it gets back, or leave the step out. What a hook returns is judged as
    if there were no hook: a path that leaves the generated tree is refused all the same.
    """

    def plan(self, analysis: Analysis, proceed: Callable[[Analysis], Plan]) -> Plan:
        """Decide which files there are. An error among the plan's diagnostics stops the compile."""
        return proceed(analysis)

    def render(self, row: PlanRow, proceed: Callable[[PlanRow], FileDraft]) -> FileDraft:
        """Make the text of one file."""
        return proceed(row)

    def check(self, draft: FileDraft, proceed: Callable[[FileDraft], RenderedFile]) -> RenderedFile:
        """Judge the text of one file and make it bytes."""
        return proceed(draft)

    def write(
        self,
        files: tuple[RenderedFile, ...],
        proceed: Callable[[tuple[RenderedFile, ...]], WriteOutcome],
    ) -> WriteOutcome:
        """Write what changed; in a dry run too, where the outcome says that nothing was applied."""
        return proceed(files)


NO_HOOKS: Final = Hooks()


@dataclass(frozen=True, kw_only=True)
class Extension:
    """What an extension adds; everything but the name may be left out.

    `name` is the key of its options in `.pulpo.yml`. `targets` can be asked for by name, as the
    built-in ones. `templates` are folders: a row's template is looked for in the project's
    `overrides/templates/`, then in the extensions' folders, then among the built-in ones.
    `hooks` stand around every step; of several extensions the first is the outermost. `options`
    is the pydantic model of what `options.<name>` in `.pulpo.yml` may say.
    """

    name: str
    targets: tuple[Target, ...] = ()
    templates: tuple[Path, ...] = ()
    hooks: Hooks = NO_HOOKS
    options: type[BaseModel] | None = None
