"""Compiles that left nothing to do, remembered: the next one is told so without generating.

What a compile makes depends on the project's sources and configuration, on our own packages, and
on extensions and templates of others. Where there are none of the latter, the same sources and the
same tree mean the same answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pulpo_analysis.config.loading import load_config
from pulpo_analysis.config.places import SNAPSHOT_FILE
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.kept import Kept, state_of
from pulpo_base.entry_points import entry_points_of
from pulpo_codegen.digest import sha256
from pulpo_codegen.frontend.files import frontend_places
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
class _Target:
    """A target, and those that it needs at any depth."""

    name: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Settled:
    """What a compile of everything left, and what it had to say; `snapshot` is a hash or empty."""

    targets: tuple[_Target, ...]
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
        _Settled(tuple(_targets(result)), files, result.diagnostics, _snapshot(root))
    )


def recall(root: Path, targets: Collection[str] = ()) -> CompileResult | None:
    """Return what compiling these targets, or all, would answer.

    `None` where it has to be worked out, as for targets that there are not.
    """
    kept = _store(root, state_of(root, load_config(root))).get()
    if kept is None or _is_extended(root) or kept.snapshot != _snapshot(root):
        return None
    known = {target.name: target for target in kept.targets}
    if not known.keys() >= set(targets):
        return None
    chosen = set(targets or known).union(*(known[name].needs for name in targets))
    before = {
        file.path: DiskEntry(DiskKind.FILE, file.sha256, file.executable) for file in kept.files
    }
    if read_disk(root / GENERATED, before, LocalFiles()) != before:
        return None
    keep = tuple(
        FileAction(file.path, _KEPT, file.target) for file in kept.files if file.target in chosen
    )
    names = tuple(name for name in known if name in chosen)
    return CompileResult(WritePlan(keep=keep), kept.diagnostics, names, applied=True)


def _targets(result: CompileResult) -> Iterator[_Target]:
    direct = {table.name: table.needs for table in result.tables}
    for name in result.targets:
        needed: dict[str, None] = {}
        missing = [*direct[name]]
        while missing:
            if (one := missing.pop()) not in needed:
                needed[one] = None
                missing.extend(direct[one])
        yield _Target(name, tuple(needed))


def _store(root: Path, state: bytes) -> Kept[_Settled]:
    return Kept(root, state, "settled", _Settled, also=_code())


def _code() -> tuple[Path, ...]:
    return (Path(__file__).parent, *frontend_places())


def _is_extended(root: Path) -> bool:
    """Return whether code or templates that are not ours take part."""
    return (root / TEMPLATE_OVERRIDES).exists() or bool(entry_points_of(EXTENSIONS))


def _snapshot(root: Path) -> str:
    try:
        return sha256((root / SNAPSHOT_FILE).read_bytes())
    except OSError:
        return ""
