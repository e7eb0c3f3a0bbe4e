"""`WritePlan`: what will happen to each file, and why; nothing has happened yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_base.specs import SourceLocation
from pulpo_codegen.check.rendered import RenderedFile
from pulpo_codegen.write.manifest import Manifest

__all__ = ["EMPTY_PLAN", "FileAction", "WritePlan"]


@dataclass(frozen=True, slots=True)
class FileAction:
    """One file of a write plan.

    `path` is relative to the generated tree, `reason` a few words for people. `file` holds the
    bytes where some are to be written, `finding` says why a file is refused.
    """

    path: str
    reason: str
    target: str
    origins: tuple[SourceLocation, ...] = ()
    file: RenderedFile | None = field(default=None, repr=False)
    finding: Diagnostic | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class WritePlan:
    """Every file in one of five lists, each sorted by path.

    Nothing may be written while `refuse` holds anything. `journal` is the manifest to write
    before the first file, `result` the one to write after the last; `manifest_changes` says
    whether `result` differs from what is there.
    """

    create: tuple[FileAction, ...] = ()
    update: tuple[FileAction, ...] = ()
    keep: tuple[FileAction, ...] = ()
    delete: tuple[FileAction, ...] = ()
    refuse: tuple[FileAction, ...] = ()
    journal: Manifest = field(default=Manifest(), repr=False)
    result: Manifest = field(default=Manifest(), repr=False)
    manifest_changes: bool = False

    @property
    def has_changes(self) -> bool:
        """Whether a generated file would be created, updated or deleted."""
        return bool(self.create or self.update or self.delete)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Why files are refused."""
        return tuple(action.finding for action in self.refuse if action.finding is not None)


EMPTY_PLAN: Final = WritePlan()
