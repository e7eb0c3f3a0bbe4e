"""The four steps of a compile with the hooks of the extensions around them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_base.specs import SourceLocation
from pulpo_codegen.check.rendered import RenderedFile
from pulpo_codegen.errors import GenerationBugError
from pulpo_codegen.extensions import findings
from pulpo_codegen.extensions.extension import Extension, Hooks
from pulpo_codegen.extensions.places import located, place_of
from pulpo_codegen.plan.planner import Plan
from pulpo_codegen.plan.row import PlanRow, Target
from pulpo_codegen.render.draft import FileDraft
from pulpo_codegen.write.tree import WriteOutcome

__all__ = ["ExtensionFailedError", "around", "guarded"]

Given = TypeVar("Given")
Answer = TypeVar("Answer")

_ANSWERS: Final[dict[str, type]] = {
    "plan": Plan,
    "render": FileDraft,
    "check": RenderedFile,
    "write": WriteOutcome,
}


class ExtensionFailedError(Exception):
    """An extension is broken: `diagnostic` says which one, where and how."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        """Keep the finding."""
        self.diagnostic = diagnostic
        super().__init__(diagnostic.message)


def around(
    extensions: Sequence[Extension],
    step: str,
    core: Callable[[Given], Answer],
    root: Path,
) -> Callable[[Given], Answer]:
    """Return `core` within the hooks called `step`, the first extension's outermost.

    Raises `ExtensionFailedError` where a hook raises, or returns something else than the step.
    """
    for extension in reversed(extensions):
        # What only passes on is left out: a step may run thousands of times.
        if getattr(type(extension.hooks), step) is not getattr(Hooks, step):
            core = _within(extension, step, core, root)
    return core


def _within(
    extension: Extension, step: str, core: Callable[[Given], Answer], root: Path
) -> Callable[[Given], Answer]:
    hook: Any = getattr(extension.hooks, step)
    doing = f"in its hook `{step}`"

    def run(given: Given) -> Answer:
        inner: list[Exception] = []

        def proceed(given: Given) -> Answer:
            try:
                return core(given)
            except Exception as error:
                inner.append(error)
                raise

        try:
            answer: Any = hook(given, proceed)
        except Exception as error:
            if any(error is one for one in inner):
                raise  # what the step itself raised is not the hook's fault
            raise _failure(extension, doing, error, root) from error
        if not isinstance(answer, _ANSWERS[step]):
            wanted = _ANSWERS[step].__name__
            why = f"it returned {type(answer).__name__} instead of {wanted}"
            place = _declared(hook, root)
            raise ExtensionFailedError(findings.failed(extension.name, doing, why, place))
        return cast("Answer", answer)

    return run


@dataclass(frozen=True, slots=True)
class _Guarded:
    """A target whose mistakes are told as those of its extension."""

    extension: Extension
    target: Target
    root: Path

    @property
    def name(self) -> str:
        return self.target.name

    @property
    def needs(self) -> tuple[str, ...]:
        return self.target.needs

    def rows(self, analysis: Analysis) -> Iterable[PlanRow]:
        doing = f"to make the files of target {self.name!r}"
        try:
            rows = list(self.target.rows(analysis))
        except Exception as error:
            raise _failure(self.extension, doing, error, self.root) from error
        wrong = next((row for row in rows if row.target != self.name), None)
        if wrong is not None:
            why = f"{wrong.path!r} is said to belong to target {wrong.target!r}"
            place = _declared(self.target.rows, self.root)
            raise ExtensionFailedError(findings.failed(self.extension.name, doing, why, place))
        return rows


def guarded(extension: Extension, root: Path) -> tuple[Target, ...]:
    """Return the targets of an extension; what they raise becomes an `ExtensionFailedError`."""
    return tuple(_Guarded(extension, target, root) for target in extension.targets)


def _failure(
    extension: Extension, doing: str, error: Exception, root: Path
) -> ExtensionFailedError:
    why = f"{type(error).__name__}: {error}"
    if isinstance(error, GenerationBugError):
        why = error.problem
    found = findings.failed(extension.name, doing, why.rstrip("."), place_of(error, root))
    return ExtensionFailedError(found)


def _declared(function: Any, root: Path) -> SourceLocation:
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    if code is None:
        return SourceLocation(".pulpo.yml")
    return located(Path(code.co_filename), code.co_firstlineno, root)
