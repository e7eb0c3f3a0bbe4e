"""`clean_project`: remove what was generated, and only that."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_codegen.layout import GENERATED, MANIFEST
from pulpo_codegen.write.files import FileSystem, LocalFiles, PathKind
from pulpo_codegen.write.tree import LOCK_SECONDS, write_tree

__all__ = ["CleanResult", "clean_project"]


@dataclass(frozen=True, slots=True)
class CleanResult:
    """What was removed: paths relative to the generated tree; `diagnostics` say what hindered."""

    removed: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def clean_project(
    root: Path,
    *,
    force: bool = False,
    dry_run: bool = False,
    files: FileSystem | None = None,
) -> CleanResult:
    """Remove the files that the manifest of the project at `root` lists, and the manifest.

    A file that was edited since makes it stop before the first removal, unless `force`. Files
    that the manifest does not list stay, and so do the folders that hold them. With `dry_run`
    nothing is removed and `removed` says what would be.
    """
    disk = files or LocalFiles()
    if disk.kind(root / GENERATED / MANIFEST) is PathKind.MISSING:
        # Nothing to do, and no reason to leave a lock in a folder that may be no project.
        return CleanResult((), ())
    outcome = write_tree(
        root,
        (),
        scope=None,
        force=force,
        dry_run=dry_run,
        files=disk,
        lock_seconds=LOCK_SECONDS,
    )
    done = outcome.applied or (dry_run and not outcome.plan.refuse)
    removed = tuple(action.path for action in outcome.plan.delete) if done else ()
    return CleanResult(removed, outcome.diagnostics)
