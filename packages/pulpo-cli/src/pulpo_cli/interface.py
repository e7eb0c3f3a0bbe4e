"""`CLI`: what the commands do, without a word of output."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pulpo_cli.errors import UserError

if TYPE_CHECKING:
    from pulpo_analysis import Analysis
    from pulpo_base.flows.plan import FlowPlan
    from pulpo_base.specs import ModelSpec, OperationSpec
    from pulpo_codegen import CleanResult, CompileResult, InitResult

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


class CLI:
    """One project, analysed when first asked for."""

    def __init__(self, root: Path) -> None:
        """Speak of the project in `root`."""
        self.root = root

    @cached_property
    def analysis(self) -> Analysis:
        """What is true of the project."""
        from pulpo_analysis import analyse

        return analyse(self.root)

    def model(self, name: str) -> ModelSpec:
        """Return a model. Raises `UserError` with a suggestion for an unknown name."""
        found = self.analysis.app.model(name)
        if found is None:
            raise self._unknown("model", name, [m.name for m in self.analysis.app.models])
        return found

    def operation(self, name: str) -> OperationSpec:
        """Return an operation. Raises `UserError` with a suggestion for an unknown name."""
        found = self.analysis.app.operation(name)
        if found is None:
            raise self._unknown("operation", name, [o.name for o in self.analysis.app.operations])
        return found

    def flow(self, name: str) -> FlowPlan:
        """Return a flow. Raises `UserError` with a suggestion for an unknown name."""
        found = self.analysis.flow(name)
        if found is None:
            raise self._unknown("flow", name, [flow.name for flow in self.analysis.flows])
        return found

    def named(self, name: str) -> ModelSpec | OperationSpec | FlowPlan:
        """Return the model, operation or flow of that name, in this order."""
        app = self.analysis.app
        found = app.model(name) or app.operation(name) or self.analysis.flow(name)
        if found is None:
            known = [
                *(model.name for model in app.models),
                *(operation.name for operation in app.operations),
                *(flow.name for flow in self.analysis.flows),
            ]
            raise self._unknown("model, operation or flow", name, known)
        return found

    def compile(
        self,
        targets: Sequence[str] | None = None,
        *,
        force: bool = False,
        dry_run: bool = False,
    ) -> CompileResult:
        """Generate the project's targets. Raises `UserError` for an unknown target."""
        from pulpo_codegen import UnknownTargetError, compile_project

        try:
            return compile_project(
                self.analysis, targets=targets or None, force=force, dry_run=dry_run
            )
        except UnknownTargetError as error:
            raise UserError(str(error)) from error

    def init(self, name: str | None = None) -> InitResult:
        """Make what a project needs and lacks; nothing that exists is changed."""
        from pulpo_codegen import init_project

        return init_project(self.root, name=name or self.root.name)

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
        main = self.root / "main"
        if not main.is_file():
            raise UserError(
                f"{self.root} has no project command line yet", "run `pulpo init` first"
            )
        import subprocess

        command = [sys.executable, str(main), *arguments]
        try:
            return subprocess.run(command, cwd=self.root, check=False).returncode  # noqa: S603
        except KeyboardInterrupt:
            # The terminal sent Ctrl-C to the child too, and it has cleaned up by now.
            return 130

    @staticmethod
    def _unknown(what: str, name: str, known: Sequence[str]) -> UserError:
        from pulpo_analysis.diagnostics.suggestions import did_you_mean

        return UserError(f"there is no {what} {name!r}", did_you_mean(name, known))
