"""`decide`: what happens to each file; a pure function of what is wanted, known and there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import PurePosixPath

from pulpo_codegen import findings
from pulpo_codegen.check.rendered import RenderedFile
from pulpo_codegen.write.disk import MISSING, DiskEntry, DiskKind
from pulpo_codegen.write.manifest import Manifest, ManifestEntry
from pulpo_codegen.write.plan import FileAction, WritePlan

__all__ = ["decide"]

_IN_THE_WAY = {
    DiskKind.FOLDER: "a folder",
    DiskKind.LINK: "a symbolic link",
    DiskKind.OTHER: "neither file nor folder",
    DiskKind.BELOW_FILE: "below something that is a file",
}


def decide(
    rendered: Iterable[RenderedFile],
    manifest: Manifest | None,
    disk: Mapping[str, DiskEntry],
    *,
    force: bool = False,
    scope: Set[str] | None = None,
) -> WritePlan:
    """Put every file in the list of what will happen to it.

    `disk` says what is at each rendered path and at each path of the manifest; a path that it
    lacks is missing. `scope` names the targets that were rendered, `None` all: files of other
    targets are left out of the plan and stay in the manifest. `force` overwrites and deletes
    files that were edited, and overwrites files of unknown origin; folders, links and paths
    that leave the tree are refused all the same.

    A file is ours if the manifest lists it with its present hash (or the one that an
    interrupted run was about to write). A file outside the manifest is adopted if it has the
    very bytes that would be written, and refused otherwise: without a hash nobody can tell an
    old generated file from an edited one.
    """
    known = manifest.entries if manifest is not None else {}
    lists: dict[str, list[FileAction]] = {
        verb: [] for verb in ("create", "update", "keep", "delete", "refuse")
    }
    wanted = {file.path: file for file in sorted(rendered, key=lambda file: file.path)}
    stale = {
        path
        for path, entry in known.items()
        if path not in wanted and (scope is None or entry.target in scope)
    }
    for path, file in wanted.items():
        there = disk.get(path, MISSING)
        if there.kind is DiskKind.BELOW_FILE and not stale.isdisjoint(_above(path)):
            # That file goes first, or is refused itself.
            there = MISSING
        verb, action = _wanted(file, known.get(path), there, force=force)
        lists[verb].append(action)
    for path in sorted(stale):
        verb, action = _stale(path, known[path], disk.get(path, MISSING), force=force)
        lists[verb].append(action)
    journal, result = _manifests(lists, known, disk)
    return WritePlan(
        **{verb: tuple(actions) for verb, actions in lists.items()},
        journal=journal,
        result=result,
        manifest_changes=result != manifest,
    )


def _above(path: str) -> Iterator[str]:
    return (str(parent) for parent in PurePosixPath(path).parents)


def _wanted(
    file: RenderedFile, entry: ManifestEntry | None, disk: DiskEntry, *, force: bool
) -> tuple[str, FileAction]:
    if disk.kind is DiskKind.MISSING:
        return "create", _write(file, "new" if entry is None else "was missing")
    if disk.kind is not DiskKind.FILE:
        return "refuse", _refuse(file.path, file.target, disk, file)
    if disk.sha256 == file.sha256:
        if disk.executable != file.executable:
            return "update", _write(file, "other permissions")
        reason = "unchanged" if entry is not None else "unchanged, not in the manifest"
        return "keep", _write(file, reason)
    if entry is not None and entry.accepts(disk.sha256):
        return "update", _write(file, "content changed")
    if force:
        return "update", _write(file, "overwritten by force")
    return "refuse", _refuse(file.path, file.target, disk, file, edited=entry is not None)


def _stale(
    path: str, entry: ManifestEntry, disk: DiskEntry, *, force: bool
) -> tuple[str, FileAction]:
    if disk.kind in {DiskKind.MISSING, DiskKind.BELOW_FILE}:
        return "delete", FileAction(path, "no longer generated, already gone", entry.target)
    if disk.kind is not DiskKind.FILE:
        return "refuse", _refuse(path, entry.target, disk)
    if entry.accepts(disk.sha256):
        return "delete", FileAction(path, "no longer generated", entry.target)
    if force:
        return "delete", FileAction(path, "no longer generated, deleted by force", entry.target)
    return "refuse", _refuse(path, entry.target, disk, edited=True)


def _write(file: RenderedFile, reason: str) -> FileAction:
    return FileAction(file.path, reason, file.target, file.origins, file)


def _refuse(
    path: str,
    target: str,
    disk: DiskEntry,
    file: RenderedFile | None = None,
    *,
    edited: bool = False,
) -> FileAction:
    if edited:
        reason, finding = "edited by hand", findings.edited(path)
    elif disk.kind is DiskKind.ESCAPES:
        reason = "leaves the generated tree"
        finding = findings.unsafe_path(path, "passes through a symbolic link")
    else:
        what = _IN_THE_WAY.get(disk.kind, "a file that the manifest does not list")
        reason, finding = f"is {what}", findings.in_the_way(path, what)
    origins = file.origins if file is not None else ()
    return FileAction(path, reason, target, origins, finding=finding)


def _manifests(
    lists: Mapping[str, list[FileAction]],
    known: Mapping[str, ManifestEntry],
    disk: Mapping[str, DiskEntry],
) -> tuple[Manifest, Manifest]:
    """Return the journal and the final manifest."""
    journal, result = dict(known), dict(known)
    for action in (*lists["create"], *lists["update"]):
        if action.file is not None:
            present = disk.get(action.path, MISSING).sha256
            digest = action.file.sha256
            journal[action.path] = ManifestEntry(action.target, present, digest)
            result[action.path] = ManifestEntry(action.target, digest)
    for action in lists["keep"]:
        entry = ManifestEntry(action.target, disk[action.path].sha256)
        journal[action.path] = result[action.path] = entry
    for action in lists["delete"]:
        entry = known[action.path]
        present = disk.get(action.path, MISSING).sha256
        journal[action.path] = ManifestEntry(entry.target, present or entry.sha256)
        del result[action.path]
    return Manifest.of(journal.items()), Manifest.of(result.items())
