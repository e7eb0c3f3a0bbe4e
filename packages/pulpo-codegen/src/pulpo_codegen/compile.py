"""`compile_project`: from the analysis to the generated tree."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity, sort_diagnostics
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_analysis.garbage import collector_paused
from pulpo_analysis.kept_analysis import keep_compiled, knows_last_compile
from pulpo_codegen.blast_radius import files_about
from pulpo_codegen.engine import Engine
from pulpo_codegen.errors import UnknownTargetError
from pulpo_codegen.events import EventWriter, TargetLog
from pulpo_codegen.extensions.extension import Extension
from pulpo_codegen.extensions.loading import LoadedExtensions, load_extensions
from pulpo_codegen.findings import no_bundle
from pulpo_codegen.frontend.building import BuildError
from pulpo_codegen.frontend.files import ensure_bundle
from pulpo_codegen.plan import TableTarget, Target
from pulpo_codegen.render import Renderer
from pulpo_codegen.result import CompileResult
from pulpo_codegen.settled import remember
from pulpo_codegen.targets import BUILT_IN
from pulpo_codegen.targets.ui import UI
from pulpo_codegen.write.files import FileSystem, LocalFiles
from pulpo_codegen.write.plan import EMPTY_PLAN, WritePlan
from pulpo_codegen.write.tree import LOCK_SECONDS

__all__ = ["compile_project"]


@collector_paused()
def compile_project(
    analysis: Analysis,
    *,
    targets: Sequence[str] | None = None,
    about: Collection[str] | None = None,
    force: bool = False,
    dry_run: bool = False,
    extensions: Sequence[Extension] | None = None,
    renderer: Renderer | None = None,
    files: FileSystem | None = None,
    lock_seconds: float = LOCK_SECONDS,
    events: EventWriter | None = None,
    progress: Callable[[int, int], None] | None = None,
    say: Callable[[str], None] | None = None,
) -> CompileResult:
    """Generate the targets (all, or those named) into the project's generated tree.

    A target brings those that it needs. Nothing is written where the analysis has errors, where
    two outputs share a path, where an extension fails, or where a generated file was edited,
    which `force` overrides. Files of targets that were not asked for are left alone. With `about`
    (`model Order`, `operation orders.pay`, `flow orders`) only files are generated that show one
    of these, and none is deleted. `dry_run` decides everything and writes nothing, not even a lock.

    `extensions` are the built-in one and those that the project and its environment name,
    unless they are given here. `renderer` replaces the template folders, `files` the disk;
    `lock_seconds` is how long to wait for another compile. `events` gets what happened, once at
    the end and never of a dry run; `progress` how many files of how many are rendered; `say` what
    takes long before that: in a checkout of Pulpo's own source the admin UI is built once.

    Raises `UnknownTargetError` for an unknown target and `GenerationBugError` for a mistake in a
    built-in target or template; what is wrong with the project, its extensions or the disk is in
    `diagnostics`.
    """
    loaded = (
        load_extensions(analysis, BUILT_IN)
        if extensions is None
        else LoadedExtensions(tuple(extensions))
    )
    engine = Engine(analysis, loaded.extensions, renderer)
    chosen = _chosen(targets, engine.targets)
    names = tuple(target.name for target in chosen)
    known = (*analysis.diagnostics, *loaded.diagnostics)
    log = TargetLog(names)
    if any(found.severity is Severity.ERROR for found in known):
        result = CompileResult(EMPTY_PLAN, sort_diagnostics(known), names, applied=False)
        return _told(result, log, None if dry_run else events)
    tables = tuple(target for target in chosen if isinstance(target, TableTarget))
    known = (*known, *_without_bundle(names, say))
    outcome = engine.run(
        chosen,
        only=None if about is None else files_about(analysis, about, tables),
        scope=None if targets is None else frozenset(names),
        force=force,
        dry_run=dry_run,
        files=files or LocalFiles(),
        lock_seconds=lock_seconds,
        log=log,
        progress=progress,
    )
    found = sort_diagnostics((*known, *outcome.diagnostics))
    result = CompileResult(outcome.plan, found, names, outcome.applied, tables)
    if targets is None and about is None and outcome.applied:
        if _is_news(outcome.plan, analysis):
            keep_compiled(analysis)
        if extensions is None and renderer is None and files is None:
            remember(analysis, result)
    return _told(result, log, None if dry_run else events)


def _is_news(plan: WritePlan, analysis: Analysis) -> bool:
    """Return whether a plan was made of something that the last one was not made of."""
    return plan.has_changes or plan.manifest_changes or not knows_last_compile(analysis.root)


def _without_bundle(
    names: Collection[str], say: Callable[[str], None] | None
) -> tuple[Diagnostic, ...]:
    """Build the admin UI's bundle where it has to be, or say why it cannot be."""
    if UI.name not in names:
        return ()
    try:
        ensure_bundle(say)
    except BuildError as error:
        return (no_bundle(str(error)),)
    return ()


def _told(result: CompileResult, log: TargetLog, events: EventWriter | None) -> CompileResult:
    if events is not None:
        events(log.events(result.plan, result.errors))
    return result


def _chosen(names: Sequence[str] | None, targets: Iterable[Target]) -> tuple[Target, ...]:
    known = {target.name: target for target in targets}
    if names is None:
        return tuple(known.values())
    wanted: set[str] = set()
    missing = list(names)
    while missing:
        name = missing.pop()
        if name not in known:
            hint = did_you_mean(name, known)
            raise UnknownTargetError(f"there is no target {name!r}; {hint}")
        wanted.add(name)
        missing.extend(needed for needed in known[name].needs if needed not in wanted)
    return tuple(target for name, target in known.items() if name in wanted)
