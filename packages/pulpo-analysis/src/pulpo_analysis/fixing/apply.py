"""Applies fixes to the files of a project: what would change, and changing it."""

from __future__ import annotations

import contextlib
import difflib
import os
import stat
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Fix
from pulpo_analysis.fixing.edits import fixed_text, read_source

__all__ = ["FileChange", "planned_changes", "write_change"]


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file before and after. `path` is relative to the project, `fixes` were all made."""

    path: str
    before: bytes
    after: bytes
    fixes: tuple[Fix, ...]
    encoding: str = "utf-8"

    @property
    def diff(self) -> str:
        """The change as a unified diff."""
        old, new = (
            content.decode(self.encoding, "replace").splitlines(keepends=True)
            for content in (self.before, self.after)
        )
        lines = difflib.unified_diff(old, new, f"a/{self.path}", f"b/{self.path}")
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def planned_changes(root: Path, diagnostics: Iterable[Diagnostic]) -> tuple[FileChange, ...]:
    """Return what the fixes of these findings make of the project's files; nothing is written.

    A file outside the project, or one that cannot be read any more, is left alone.
    """
    by_path: defaultdict[str, list[Fix]] = defaultdict(list)
    for found in diagnostics:
        if found.fix is not None and found.fix.edits:
            by_path[found.fix.edits[0].start.path].append(found.fix)
    changes = (_change(root, path, fixes) for path, fixes in sorted(by_path.items()))
    return tuple(change for change in changes if change is not None)


def _change(root: Path, path: str, fixes: list[Fix]) -> FileChange | None:
    target = root / path
    if not target.resolve().is_relative_to(root.resolve()):
        return None
    try:
        before = target.read_bytes()
        source = read_source(before)
        text, made = fixed_text(source.text, fixes)
        after = source.encoded(text)
    except (OSError, SyntaxError, UnicodeError):
        return None  # the finding stays, and the file is the user's to look at
    if not made or after == before:
        return None
    return FileChange(path, before, after, made, source.encoding)


def write_change(root: Path, change: FileChange) -> bool:
    """Replace the file in one step; `False` where it is no longer what the change was made for.

    Its permissions stay; a symbolic link is kept and the file that it names is replaced.
    Raises `OSError` where the folder cannot be written to.
    """
    target = (root / change.path).resolve()
    if target.read_bytes() != change.before:
        return False
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(change.after)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(stat.S_IMODE(target.stat().st_mode))
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    return True
