"""Compiles that left nothing to do, remembered: the next one is told so without generating.

What a compile makes depends on the project's sources and configuration, on our own packages, and
on extensions and templates of others. Where there are none of the latter, the same sources and the
same tree mean the same answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from pulpo_analysis.config.loading import load_config
from pulpo_analysis.config.places import SNAPSHOT_FILE
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.kept import Kept, state_of
from pulpo_base.entry_points import entry_points_of
from pulpo_base.records import dataclass
from pulpo_codegen.digest import sha256
from pulpo_codegen.frontend.files import frontend_folders
from pulpo_codegen.layout import EXTENSIONS, GENERATED, MANIFEST, TEMPLATE_OVERRIDES
from pulpo_codegen.result import CompileResult
from pulpo_codegen.write.disk import DiskEntry, DiskKind, read_disk
from pulpo_codegen.write.files import LocalFiles
from pulpo_codegen.write.plan import FileAction, WritePlan

if TYPE_CHECKING:
    from pulpo_analysis.analysis import Analysis

__all__ = ["recall", "remember"]

_KEPT: Final = "unchanged"
#: What the codes of `pulpo_codegen.findings` begin with.
_ABOUT_THE_DISK: Final = "PLW"


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the generated tree, the manifest with no target."""

    path: str
    target: str
    sha256: str
    executable: bool


@dataclass(frozen=True, slots=True)
class _Settled:
    """What a compile of everything left, and what it had to say; `snapshot` is a hash or empty."""

    targets: tuple[str, ...]
    files: tuple[_File, ...]
    diagnostics: tuple[Diagnostic, ...]
    snapshot: str


def remember(analysis: Analysis, result: CompileResult) -> None:
    """Keep the answer of a compile of all targets that was applied, if it may be repeated."""
    root = analysis.root
    if result.errors or analysis.config.extensions or _is_extended(root):
        return
    # What was in the way on this machine may be gone, although no source has changed.
    if any(one.code.startswith(_ABOUT_THE_DISK) for one in result.diagnostics):
        return
    plan = result.plan
    made = [item.file for item in (*plan.create, *plan.update, *plan.keep) if item.file]
    manifest = sha256(plan.result.to_bytes())
    files = (
        *(_File(file.path, file.target, file.sha256, file.executable) for file in made),
        _File(MANIFEST, "", manifest, executable=False),
    )
    _store(root, analysis.state).put(
        _Settled(result.targets, files, result.diagnostics, _snapshot(root))
    )


def recall(root: Path) -> CompileResult | None:
    """Return what compiling all targets would answer, `None` where it has to be worked out."""
    kept = _store(root, state_of(root, load_config(root))).get()
    if kept is None or _is_extended(root) or kept.snapshot != _snapshot(root):
        return None
    before = {
        file.path: DiskEntry(DiskKind.FILE, file.sha256, file.executable) for file in kept.files
    }
    if read_disk(root / GENERATED, before, LocalFiles()) != before:
        return None
    keep = tuple(FileAction(file.path, _KEPT, file.target) for file in kept.files if file.target)
    return CompileResult(WritePlan(keep=keep), kept.diagnostics, kept.targets, applied=True)


def _store(root: Path, state: bytes) -> Kept[_Settled]:
    return Kept(root, state, "settled", _Settled, also=_code())


def _code() -> tuple[Path, ...]:
    return (Path(__file__).parent, *frontend_folders())


def _is_extended(root: Path) -> bool:
    """Return whether code or templates that are not ours take part."""
    return (root / TEMPLATE_OVERRIDES).exists() or bool(entry_points_of(EXTENSIONS))


def _snapshot(root: Path) -> str:
    try:
        return sha256((root / SNAPSHOT_FILE).read_bytes())
    except OSError:
        return ""
