"""`apply`: the one place that writes and deletes in the generated tree.

The order makes a crash at any point repairable: the journal (which files may have which two
contents) is on disk before the first file changes, all new files are on disk before the first is
moved into its place in one step, and the final manifest comes last. The next run finds either the
old or the new content of each file, and both are in the journal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from pulpo_codegen.check.rendered import RenderedFile
from pulpo_codegen.digest import sha256
from pulpo_codegen.layout import MANIFEST
from pulpo_codegen.plan.row import REGULAR
from pulpo_codegen.write.disk import DiskKind, kind_of
from pulpo_codegen.write.files import FileSystem, PathKind
from pulpo_codegen.write.manifest import Manifest
from pulpo_codegen.write.plan import WritePlan

__all__ = ["WriteError", "apply"]


class WriteError(OSError):
    """The disk refused; `path` is the file in question, `why` the system's words."""

    def __init__(self, path: Path, why: str) -> None:
        """Keep the place and the reason."""
        self.path = path
        self.why = why
        super().__init__(f"{path}: {why}")

    def __reduce__(self) -> tuple[type[WriteError], tuple[Path, str]]:
        """Return how to rebuild the error in another process."""
        return (type(self), (self.path, self.why))


def apply(plan: WritePlan, root: Path, files: FileSystem, *, before: Manifest | None) -> None:
    """Make the generated tree at `root` what `plan` says; `before` is the manifest found there.

    The caller holds the lock. Raises `ValueError` for a plan that refuses files and
    `WriteError` where the disk refuses; the tree is then repaired by the next run.
    """
    if plan.refuse:
        raise ValueError("a plan that refuses files cannot be applied")
    _remove_leftovers(root, before, files)
    if not plan.has_changes and not plan.manifest_changes:
        return
    with _naming(root):
        files.make_folder(root)
    if plan.has_changes:
        _write(root, [_manifest(plan.journal)], files)
    for action in plan.delete:
        _delete(root, action.path, files)
    changed = [action.file for action in (*plan.create, *plan.update) if action.file is not None]
    _write(root, changed, files)
    # Python compares seconds and size only: a quick second compile could leave it running the
    # bytecode of the first.
    _remove_bytecode(root, [file.path for file in changed], files)
    if plan.result.entries:
        _write(root, [_manifest(plan.result)], files)
    else:
        with _naming(root / MANIFEST):
            files.remove(root / MANIFEST)
            files.remove_folder(root)


def _manifest(manifest: Manifest) -> RenderedFile:
    data = manifest.to_bytes()
    return RenderedFile(MANIFEST, data, sha256(data), "", (), REGULAR)


def _write(root: Path, new: Sequence[RenderedFile], files: FileSystem) -> None:
    """Write every file beside its place, then move each into it: what is in place is whole."""
    folders: dict[str, PathKind] = {}
    written: list[Path] = []
    try:
        for file in new:
            with _naming(root / file.path):
                temporary = _temporary(root, file.path)
                _make_room(root, file.path, files, folders)
                written.append(temporary)
                files.remove(temporary)
                files.write_new(temporary, file.data, file.mode)
        with _naming(root):
            files.flush(written)
        for file, temporary in zip(new, written, strict=True):
            with _naming(root / file.path):
                files.replace(temporary, root / file.path)
    except OSError:
        # The first failure is what the user must hear of; the next run cleans up too.
        for temporary in written:
            with suppress(OSError):
                files.remove(temporary)
        raise


def _make_room(root: Path, path: str, files: FileSystem, folders: dict[str, PathKind]) -> None:
    """Make the folder of a file, unless it leads out of the tree."""
    _stay_inside(root, path, files, folders)
    folder = path.rpartition("/")[0]
    if folder and folders.get(folder) is not PathKind.FOLDER:
        files.make_folder(root / folder)
        folders.clear()  # those above it may be new as well


def _delete(root: Path, path: str, files: FileSystem) -> None:
    destination = root / path
    with _naming(destination):
        if not _stay_inside(root, path, files, {}):
            return
        files.remove(destination)
        _remove_bytecode(root, [path], files)
        for parent in PurePosixPath(path).parents:
            if str(parent) == "." or not files.remove_folder(root / parent):
                break


def _stay_inside(root: Path, path: str, files: FileSystem, folders: dict[str, PathKind]) -> bool:
    """Look again, now that it counts: links may have appeared since the decision.

    Returns whether the path can exist: there is nothing to delete below a file.
    """
    kind = kind_of(root, path, files, folders)
    if kind is DiskKind.BELOW_FILE:
        return False
    if kind not in {DiskKind.MISSING, DiskKind.FILE}:
        raise WriteError(root / path, f"is not a plain file of the generated tree ({kind.value})")
    return True


def _temporary(root: Path, path: str) -> Path:
    """The one temporary name of a path: known to the next run, and short for any name."""
    return (root / path).with_name(f".pulpo-{sha256(path.encode())[:16]}.tmp")


def _remove_leftovers(root: Path, before: Manifest | None, files: FileSystem) -> None:
    pending = before.pending if before is not None else ()
    for path in (MANIFEST, *pending):
        with _naming(root / path):
            if kind_of(root, path, files, {}) not in {DiskKind.ESCAPES, DiskKind.BELOW_FILE}:
                files.remove(_temporary(root, path))


def _remove_bytecode(root: Path, paths: Iterable[str], files: FileSystem) -> None:
    """Remove what Python itself made of generated modules, and nothing else."""
    modules: defaultdict[Path, set[str]] = defaultdict(set)
    for path in paths:
        folder, _, name = path.rpartition("/")
        if name.endswith(".py"):
            modules[root / folder / "__pycache__"].add(name.removesuffix(".py"))
    for cache, stems in modules.items():
        with _naming(cache):
            if files.kind(cache) is not PathKind.FOLDER:
                continue
            for compiled in cache.glob("*.pyc"):
                if compiled.name.partition(".")[0] in stems:
                    files.remove(compiled)
            files.remove_folder(cache)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    try:
        yield
    except WriteError:
        raise
    except OSError as error:
        raise WriteError(path, error.strerror or str(error)) from error
