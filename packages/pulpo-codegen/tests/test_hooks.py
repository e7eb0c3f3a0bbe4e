"""The hooks of extensions: what they see, and what they may change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import pytest

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_codegen import Extension, Hooks, compile_project
from pulpo_codegen.check import RenderedFile
from pulpo_codegen.errors import GenerationBugError
from pulpo_codegen.plan import Plan, PlanRow, Row, TableTarget
from pulpo_codegen.render import FileDraft
from pulpo_codegen.targets.docs import DOCS
from pulpo_codegen.testing import only
from pulpo_codegen.write.tree import WriteOutcome


@dataclass(frozen=True)
class Recorder(Hooks):
    """Middleware that writes down what passes through it."""

    name: str
    seen: list[str]

    def plan(self, analysis: Analysis, proceed: Callable[[Analysis], Plan]) -> Plan:
        self.seen.append(f"{self.name} plan")
        made = proceed(analysis)
        self.seen.append(f"{self.name} planned")
        return made

    def render(self, row: PlanRow, proceed: Callable[[PlanRow], FileDraft]) -> FileDraft:
        draft = proceed(row)
        return replace(draft, text=f"{draft.text}<!-- {self.name} -->\n")

    def write(
        self,
        files: tuple[RenderedFile, ...],
        proceed: Callable[[tuple[RenderedFile, ...]], WriteOutcome],
    ) -> WriteOutcome:
        outcome = proceed(files)
        self.seen.append(f"{self.name} wrote {len(outcome.plan.create)} {outcome.applied}")
        return outcome


def test_hooks_are_middleware_the_first_is_the_outermost(shop: Analysis) -> None:
    seen: list[str] = []
    extensions = (
        *only(DOCS),
        *(Extension(name=name, hooks=Recorder(name, seen)) for name in ("outer", "inner")),
    )
    compile_project(shop, extensions=extensions, dry_run=True)
    compile_project(shop, extensions=extensions)
    steps = ["outer plan", "inner plan", "inner planned", "outer planned"]
    dry, wet = (
        [f"{name} wrote 7 {applied}" for name in ("inner", "outer")] for applied in (False, True)
    )
    assert seen == [*steps, *dry, *steps, *wet]
    text = (shop.root / "run_cache" / "docs" / "index.md").read_text()
    assert text.endswith("<!-- inner -->\n<!-- outer -->\n")


def test_a_hook_may_leave_files_out_and_cannot_move_them_outside(shop: Analysis) -> None:
    class Fewer(Hooks):
        def plan(self, analysis: Analysis, proceed: Callable[[Analysis], Plan]) -> Plan:
            plan = proceed(analysis)
            return replace(plan, rows=plan.rows[:1])

    class Elsewhere(Hooks):
        def check(
            self, draft: FileDraft, proceed: Callable[[FileDraft], RenderedFile]
        ) -> RenderedFile:
            return replace(proceed(draft), path="../outside.md")

    fewer = (*only(DOCS), Extension(name="fewer", hooks=Fewer()))
    assert len(compile_project(shop, extensions=fewer, dry_run=True).plan.create) == 1
    elsewhere = (*fewer, Extension(name="elsewhere", hooks=Elsewhere()))
    result = compile_project(shop, extensions=elsewhere)
    assert [found.code for found in result.errors] == ["PLW003"]
    assert not (shop.root / "outside.md").exists()


def test_an_error_in_the_plan_stops_and_a_warning_does_not(shop: Analysis) -> None:
    class Judge(Hooks):
        severity = Severity.WARNING

        def plan(self, analysis: Analysis, proceed: Callable[[Analysis], Plan]) -> Plan:
            found = Diagnostic("SHOP1", self.severity, "title", "message")
            return replace(proceed(analysis), diagnostics=(found,))

    judge = Judge()
    extensions = (*only(DOCS), Extension(name="judge", hooks=judge))
    result = compile_project(shop, extensions=extensions)
    assert result.applied
    assert [found.code for found in result.diagnostics] == ["SHOP1"]
    judge.severity = Severity.ERROR
    result = compile_project(shop, extensions=extensions)
    assert not result.applied
    assert [found.code for found in result.errors] == ["SHOP1"]


def test_our_own_mistakes_stay_ours_within_hooks(shop: Analysis) -> None:
    class Passing(Hooks):
        def render(self, row: PlanRow, proceed: Callable[[PlanRow], FileDraft]) -> FileDraft:
            return proceed(row)

    def rows(analysis: Analysis) -> Iterable[Analysis]:
        return (analysis,)

    row = Row(template="docs/index.md.jinja", each=rows, path="x.md", context=lambda a, _: a)
    extensions = (
        *only(TableTarget("ours", (row,))),
        Extension(name="passing", hooks=Passing()),
    )
    with pytest.raises(GenerationBugError, match="wants the dataclass IndexPage"):
        compile_project(shop, extensions=extensions)
