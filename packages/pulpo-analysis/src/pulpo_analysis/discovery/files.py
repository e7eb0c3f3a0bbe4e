"""Which files of a project are read, and under which name Python imports each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from pulpo_analysis.config.settings import DiscoveryConfig

__all__ = ["SourceFile", "source_files", "source_roots"]

#: Folders that hold no user code: environments, caches, tests, and what Pulpo generates.
SKIPPED_FOLDERS = frozenset(
    {"__pycache__", "build", "dist", "node_modules", "run_cache", "site-packages", "tests", "venv"}
)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A Python file: absolute `path`, `relative` POSIX path, importable `module` name.

    `module` is empty where a part of the path is no identifier, so that no import can name it.
    """

    path: Path
    relative: str
    module: str


def source_roots(root: Path, config: DiscoveryConfig) -> tuple[str, ...]:
    """Return the folders, relative to `root`, that imports start from; the deepest first."""
    if config.roots:
        roots = {str(PurePosixPath(entry)) for entry in config.roots}
        return tuple(sorted(roots, key=lambda entry: (-len(PurePosixPath(entry).parts), entry)))
    source = root / "src"
    is_layout = source.is_dir() and not (source / "__init__.py").exists()
    return ("src", ".") if is_layout else (".",)


def source_files(root: Path, config: DiscoveryConfig) -> tuple[SourceFile, ...]:
    """Return the project's Python files, sorted by relative path.

    Hidden folders, `SKIPPED_FOLDERS`, virtual environments, test files and whatever
    `discovery.exclude` matches are left out; links are followed only inside the project.
    """
    roots = source_roots(root, config)
    found: list[SourceFile] = []
    for path in _walk(root, root.resolve(), config.exclude):
        relative = path.relative_to(root).as_posix()
        found.append(SourceFile(path, relative, _module_name(relative, roots)))
    return tuple(sorted(found, key=lambda file: file.relative))


def _walk(root: Path, real_root: Path, exclude: tuple[str, ...]) -> Iterator[Path]:
    pending = [root]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                path = Path(entry.path)
                if _excluded(path.relative_to(root).as_posix(), exclude):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if _holds_code(path):
                        pending.append(path)
                elif _is_source(entry, real_root):
                    yield path


def _holds_code(folder: Path) -> bool:
    name = folder.name
    if name.startswith(".") or name in SKIPPED_FOLDERS:
        return False
    return not (folder / "pyvenv.cfg").exists()


def _is_source(entry: os.DirEntry[str], real_root: Path) -> bool:
    name = entry.name
    if not name.endswith(".py") or name.startswith(".") or name == "conftest.py":
        return False
    if name.startswith("test_") or name.endswith("_test.py"):
        return False
    if entry.is_symlink():
        return Path(entry.path).resolve().is_relative_to(real_root) and entry.is_file()
    return entry.is_file()


def _excluded(relative: str, patterns: tuple[str, ...]) -> bool:
    return any(
        fnmatchcase(relative, pattern) or fnmatchcase(relative, f"{pattern.rstrip('/')}/*")
        for pattern in patterns
    )


def _module_name(relative: str, roots: tuple[str, ...]) -> str:
    path = PurePosixPath(relative)
    base = next((entry for entry in roots if entry == "." or path.is_relative_to(entry)), None)
    if base is None:
        return ""
    parts = list(
        path.relative_to(base).with_suffix("").parts if base != "." else path.with_suffix("").parts
    )
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts) if parts and all(part.isidentifier() for part in parts) else ""
