"""`write_tree`: lock, look, decide, apply; what goes wrong on the way comes back as findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_codegen import findings
from pulpo_codegen.check.rendered import RenderedFile
from pulpo_codegen.layout import GENERATED, MANIFEST
from pulpo_codegen.write.apply import WriteError, apply
from pulpo_codegen.write.decision import decide
from pulpo_codegen.write.disk import read_disk
from pulpo_codegen.write.files import FileSystem
from pulpo_codegen.write.lock import LockBusyError, compile_lock
from pulpo_codegen.write.manifest import Manifest, ManifestError, load_manifest
from pulpo_codegen.write.plan import EMPTY_PLAN, WritePlan

__all__ = ["LOCK_SECONDS", "WriteOutcome", "known_hashes", "write_tree"]

#: How long a compile waits for another one to finish.
LOCK_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """What was decided, what was found, and whether the tree now is what `plan` says."""

    plan: WritePlan
    diagnostics: tuple[Diagnostic, ...]
    applied: bool = False


def write_tree(
    project: Path,
    rendered: Sequence[RenderedFile],
    *,
    scope: frozenset[str] | None,
    force: bool,
    dry_run: bool,
    files: FileSystem,
    lock_seconds: float,
) -> WriteOutcome:
    """Decide about the generated tree of `project` and, unless `dry_run`, apply the decision."""
    try:
        if dry_run:
            return _decide_and_apply(project, rendered, scope, files, force=force, dry_run=True)
        with compile_lock(project, timeout=lock_seconds):
            return _decide_and_apply(project, rendered, scope, files, force=force, dry_run=False)
    except LockBusyError as busy:
        found = findings.another_compile(busy.holder, lock_seconds)
        return WriteOutcome(EMPTY_PLAN, (found,))
    except OSError as error:
        path = Path(str(error.filename or project / GENERATED))
        return WriteOutcome(
            EMPTY_PLAN, (_cannot_write(project, path, error.strerror or str(error)),)
        )


def known_hashes(project: Path, files: FileSystem) -> frozenset[str]:
    """Return the hashes of the files that were written whole; none where that is not known."""
    try:
        manifest = load_manifest(project / GENERATED, files)
    except (ManifestError, OSError):
        return frozenset()
    entries = manifest.entries.values() if manifest else ()
    return frozenset(entry.sha256 for entry in entries if entry.sha256 and not entry.pending)


def _decide_and_apply(
    project: Path,
    rendered: Sequence[RenderedFile],
    scope: frozenset[str] | None,
    files: FileSystem,
    *,
    force: bool,
    dry_run: bool,
) -> WriteOutcome:
    root = project / GENERATED
    warnings: tuple[Diagnostic, ...] = ()
    manifest: Manifest | None = None
    disk = read_disk(root, (MANIFEST, *(file.path for file in rendered)), files)
    try:
        manifest = load_manifest(root, files)
    except ManifestError as error:
        warnings = (findings.manifest_unreadable(str(error)),)
    if manifest is not None:
        disk |= read_disk(root, manifest.entries.keys() - disk.keys(), files)
    plan = decide(rendered, manifest, disk, force=force, scope=scope)
    found = (*warnings, *plan.diagnostics)
    if dry_run or plan.refuse:
        return WriteOutcome(plan, found)
    try:
        apply(plan, root, files, before=manifest)
    except WriteError as error:
        return WriteOutcome(plan, (*found, _cannot_write(project, error.path, error.why)))
    return WriteOutcome(plan, found, applied=True)


def _cannot_write(project: Path, path: Path, why: str) -> Diagnostic:
    inside = path.relative_to(project) if path.is_relative_to(project) else path
    return findings.cannot_write(inside.as_posix(), why)
