"""`CLI`: what the commands do, without a word of output."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulpo_cli.errors import UserError
from pulpo_cli.lookups import Lookups

if TYPE_CHECKING:
    from pulpo_analysis import Diagnostic
    from pulpo_analysis.changes.compare import Compared
    from pulpo_analysis.listing import ModelList
    from pulpo_analysis.questions.selected import Selected
    from pulpo_base.specs import ModelSpec
    from pulpo_cli.adoption import Adoption
    from pulpo_codegen import CleanResult, CompileResult, InitResult, Surface
    from pulpo_codegen.explanation import Explanation

__all__ = ["CLI", "find_root", "get_cli"]

_CONFIG = ".pulpo.yml"


def find_root(start: Path) -> Path:
    """Return the project that a folder belongs to: the nearest with a `.pulpo.yml`, or itself."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / _CONFIG).is_file():
            return folder
    return start


def get_cli(project: Path | None = None) -> CLI:
    """Return the interface to the project in `project`, or around the current folder.

    Raises `UserError` where `project` is no folder.
    """
    if project is not None and not project.is_dir():
        raise UserError(f"{project} is no folder", "name the project's folder with --project")
    return CLI(project.resolve() if project else find_root(Path.cwd()))


class CLI(Lookups):
    """What can be done with one project."""

    @cached_property
    def model_list(self) -> ModelList:
        """The models alone, without the analysis."""
        from pulpo_analysis.listing import list_models

        return list_models(self.root)

    def forget(self) -> None:
        """Analyse anew when next asked: files of the project have changed."""
        for known in ("analysis", "model_list"):
            self.__dict__.pop(known, None)

    @property
    def is_empty(self) -> bool:
        """Whether there is neither anything to generate nor anything generated."""
        app = self.analysis.app
        return not (app.models or app.operations or (self.root / "run_cache").exists())

    @property
    def cross_checked(self) -> tuple[Diagnostic, ...]:
        """The findings, with what differs between the source and the imported project."""
        from pulpo_analysis.diagnostics.diagnostic import sort_diagnostics
        from pulpo_analysis.validation.cross_check import cross_check

        analysis = self.analysis
        found = cross_check(analysis.root, analysis.config.discovery)
        return sort_diagnostics((*analysis.diagnostics, *found))

    def surface(self, model: ModelSpec, operations: Sequence[str]) -> Surface:
        """Return where a model, operations and the flows that run those are met."""
        from pulpo_codegen import surface_of

        names = set(operations)
        return surface_of(
            self.analysis,
            models=(model,),
            operations=[op for op in self.analysis.app.operations if op.name in names],
            flows=[
                flow
                for flow in self.analysis.flows
                if names & {step.operation for step in flow.steps}
            ],
        )

    def select(self, arguments: Sequence[str] | None) -> Selected:
        """Return what a selection (docs/selection.md) chooses; nothing said is everything.

        Raises `UserError` for a selection that cannot be read or names what does not exist.
        """
        from pulpo_analysis.questions.selected import select
        from pulpo_analysis.questions.selection import SelectionError

        try:
            return select(arguments or (), self.analysis, self.changed_since)
        except SelectionError as error:
            raise UserError(str(error), error.hint) from error

    def changed_since(self, revision: str) -> frozenset[str]:
        """Return the nodes that differ from a git revision. Raises `UserError` as `git` does."""
        from pulpo_analysis.revisions import RevisionError, changed_since

        try:
            return changed_since(self.analysis, revision)
        except RevisionError as error:
            raise UserError(str(error), error.hint) from error

    def diff(self, revision: str) -> Compared:
        """Return what differs from a git revision, or from a snapshot in a file.

        Raises `UserError` where neither can be read.
        """
        from pulpo_analysis.changes.compare import compare, without_ignored
        from pulpo_analysis.changes.snapshot import SnapshotError, read_snapshot, snapshot_of
        from pulpo_analysis.revisions import RevisionError, snapshot_at

        file = Path(revision)
        try:
            if file.suffix == ".json" and file.is_file():
                before = read_snapshot(file.read_bytes())
            else:
                before = snapshot_at(self.root, revision)
        except RevisionError as error:
            raise UserError(str(error), error.hint) from error
        except SnapshotError as error:
            raise UserError(f"{file}: {error}", "`pulpo graph --snapshot` writes one") from error
        changes = compare(before, snapshot_of(self.analysis))
        return without_ignored(changes, self.analysis.config.diff.ignore)

    def write_snapshot(self) -> Path:
        """Write the facts of the project to `.pulpo/graph.json`, and return where that is."""
        from pulpo_analysis.changes.snapshot import SNAPSHOT_FILE, snapshot_of

        path = self.root / SNAPSHOT_FILE
        path.parent.mkdir(exist_ok=True)
        path.write_text(snapshot_of(self.analysis).text(), encoding="utf-8")
        return path

    def refresh_snapshot(self) -> None:
        """Write the snapshot anew where the project keeps one."""
        from pulpo_analysis.changes.snapshot import SNAPSHOT_FILE

        if (self.root / SNAPSHOT_FILE).is_file():
            self.write_snapshot()

    def state_file(self, name: str) -> Path:
        """Return the path of a file in the folder of local state, which is made."""
        folder = self.root / ".pulpo"
        folder.mkdir(exist_ok=True)
        return folder / name

    def compile(
        self,
        targets: Sequence[str] | None = None,
        *,
        select: Sequence[str] | None = None,
        force: bool = False,
        dry_run: bool = False,
    ) -> CompileResult:
        """Generate the project's targets, or what of them shows a selection.

        Raises `UserError` for an unknown target, and for a selection as `select` does.
        """
        from pulpo_cli.progress import announce, compile_progress
        from pulpo_codegen import UnknownTargetError, append_events, compile_project

        about = self.select(select).subjects if select else None
        try:
            with compile_progress() as progress:
                result = compile_project(
                    self.analysis,
                    targets=targets or None,
                    about=about,
                    force=force,
                    dry_run=dry_run,
                    events=append_events(self.root),
                    progress=progress,
                    say=announce,
                )
        except UnknownTargetError as error:
            raise UserError(str(error)) from error
        if result.applied:
            self.refresh_snapshot()
        return result

    def recall(self, targets: Sequence[str] = ()) -> CompileResult | None:
        """Return what a compile answers where nothing has changed, `None` where it may have."""
        from pulpo_codegen.settled import recall

        result = recall(self.root, targets)
        if result is not None:
            from pulpo_codegen import append_events
            from pulpo_codegen.events import TargetLog

            append_events(self.root)(TargetLog(()).events(result.plan, ()))
        return result

    def explain(self, result: CompileResult) -> Explanation:
        """Return why a compile touches, or would touch, what it does."""
        from pulpo_codegen.explanation import explain

        return explain(self.analysis, result.plan, result.tables)

    def init(self, name: str | None = None, *, dry_run: bool = False) -> InitResult:
        """Make what a project needs and lacks; nothing that exists is changed."""
        from pulpo_codegen import init_project

        return init_project(self.root, name=name or self.root.name, dry_run=dry_run)

    @property
    def adoption(self) -> Adoption:
        """What the folder holds that Pulpo did not make, and what would meet there."""
        from pulpo_cli.adoption import adoption_of

        return adoption_of(self.root)

    def write_site(self, folder: Path | None = None) -> Path:
        """Write the generated pages as a site to a folder, and return its first page.

        The `docs` target must be generated.
        """
        from pulpo_analysis.graphs.page.html import graph_page
        from pulpo_cli.site.build import GRAPH, PAGES, site_page

        analysis, pages = self.analysis, self.root / "run_cache" / "docs"
        project = analysis.config.project
        title = project.title or project.name
        texts = {
            GRAPH.format(view=view): graph_page(
                title, analysis.app, analysis.graph, analysis.flows, view
            )
            for view in ("lineage", "models", "flows")
        }
        texts["index.html"] = site_page(
            title, {name: (pages / name).read_text("utf-8") for name in PAGES}
        )
        target = folder or self.state_file("docs")
        target.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (target / name).write_text(text, encoding="utf-8")
        return target / "index.html"

    def clean(self, *, force: bool = False) -> CleanResult:
        """Remove the generated files and the cache; what was edited only with `force`."""
        from pulpo_analysis.cache.store import remove_cache
        from pulpo_codegen import clean_project

        remove_cache(self.root)
        return clean_project(self.root, force=force)

    def project_command(self, *arguments: str) -> int:
        """Run the project's own `./main` in this terminal and return its exit code.

        Raises `UserError` where there is none yet.
        """
        from pulpo_base.interrupts import run_in_terminal

        return run_in_terminal(self.main_command(*arguments), folder=self.root)

    def project_answer(self, *arguments: str) -> tuple[int, Any]:
        """Run the project's own `./main` and return its exit code and the JSON that it printed.

        What it says of its progress and mistakes goes to this terminal. Raises `UserError` where
        there is none yet.
        """
        import json
        import subprocess

        done = subprocess.run(  # noqa: S603 - the project's own command line
            self.main_command(*arguments), cwd=self.root, check=False, stdout=subprocess.PIPE
        )
        return done.returncode, json.loads(done.stdout) if done.returncode == 0 else None

    def main_command(self, *arguments: str) -> list[str]:
        """Return the command that runs `./main`. Raises `UserError` where there is none yet."""
        from pulpo_cli.running import main_command

        return main_command(self.root, arguments)
