"""Which files of a project are read, and under which name Python imports each."""

from __future__ import annotations

import keyword
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_base.specs import SourceLocation

__all__ = ["SourceFile", "SourceTree", "source_roots", "source_tree"]

#: Folders that hold no user code: environments, caches, tests, and what Pulpo generates.
SKIPPED_FOLDERS = frozenset(
    {"__pycache__", "node_modules", "run_cache", "site-packages", "tests", "venv"}
)

#: What build tools write at the top of a project; deeper down these are names like any other.
SKIPPED_AT_THE_TOP = frozenset({"build", "dist"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A Python file: absolute `location`, `relative` POSIX path, importable `module` name.

    `module` is empty where a part of the path is no identifier, so that no import can name it.
    `precedence` sorts files of one module name: the one that Python imports comes first.
    """

    location: str
    relative: str
    module: str
    precedence: tuple[int, bool] = (0, False)

    def read(self) -> bytes:
        """Return the content. Raises `OSError` as `open` does."""
        with open(self.location, "rb") as file:  # noqa: PTH123 - a `Path` costs as much again
            return file.read()


def source_roots(root: Path, config: DiscoveryConfig) -> tuple[str, ...]:
    """Return the folders, relative to `root`, that imports start from; the deepest first."""
    if config.roots:
        roots = {str(PurePosixPath(entry)) for entry in config.roots}
        return tuple(sorted(roots, key=lambda entry: (-len(PurePosixPath(entry).parts), entry)))
    source = root / "src"
    is_layout = source.is_dir() and not (source / "__init__.py").exists()
    return ("src", ".") if is_layout else (".",)


@dataclass(slots=True)
class SourceTree:
    """The files of a project by relative path, and what kept a folder from being looked at."""

    files: tuple[SourceFile, ...] = ()
    diagnostics: list[Diagnostic] = field(default_factory=list)


def source_tree(root: Path, config: DiscoveryConfig) -> SourceTree:
    """Return the project's Python files, sorted by relative path.

    Only what is below the source roots is looked at. Hidden folders, `SKIPPED_FOLDERS`,
    virtual environments, test files and whatever `discovery.exclude` matches are left out;
    links to files are followed only inside the project, links to folders never.
    """
    tree = SourceTree()
    roots = source_roots(root, config)
    walk = _Walk(root, os.path.realpath(root), roots, config.exclude, tree.diagnostics)
    files = (_source_file(*found, roots) for found in walk.files())
    tree.files = tuple(sorted(files, key=lambda file: file.relative))
    return tree


def _source_file(location: str, relative: str, roots: tuple[str, ...]) -> SourceFile:
    base = next((entry for entry in roots if _is_below(relative, entry)), ".")
    inside = relative if base == "." else relative[len(base) + 1 :]
    module = _module_name(inside)
    is_module = not f"/{relative}".endswith("/__init__.py")
    return SourceFile(location, relative, module, (roots.index(base), is_module))


def _text(name: str) -> str:
    """Return a file name as text: it need not be any, and places in reports are."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def _is_below(relative: str, folder: str) -> bool:
    return folder in {".", relative} or relative.startswith(f"{folder}/")


@dataclass(frozen=True, slots=True)
class _Walk:
    root: Path
    real_root: str
    roots: tuple[str, ...]
    exclude: tuple[str, ...]
    diagnostics: list[Diagnostic]

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield the absolute and the relative path of each source file."""
        # Text and not `Path`: making one costs more than all else that is done to a file here.
        pending = [
            (str(self.root / entry), "" if entry == "." else f"{entry}/")
            for entry in self._outermost()
        ]
        while pending:
            folder, prefix = pending.pop()
            for entry in self._entries(folder, prefix):
                relative = prefix + _text(entry.name)
                if _excluded(relative, self.exclude):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if _holds_code(entry, relative):
                        pending.append((entry.path, f"{relative}/"))
                elif _is_source(entry, self.real_root):
                    yield entry.path, relative

    def _outermost(self) -> tuple[str, ...]:
        """Return the source roots that are not inside another one: each file is met once."""
        return tuple(
            entry
            for entry in self.roots
            if (self.root / entry).is_dir()
            and not any(other != entry and _is_below(entry, other) for other in self.roots)
        )

    def _entries(self, folder: str, prefix: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except OSError as error:
            place = SourceLocation(prefix.rstrip("/") or ".")
            reason = error.strerror or type(error).__name__
            self.diagnostics.append(finding("PLD002", reason, place))
            return []


def _holds_code(folder: os.DirEntry[str], relative: str) -> bool:
    name = folder.name
    if name.startswith(".") or name in SKIPPED_FOLDERS or relative in SKIPPED_AT_THE_TOP:
        return False
    return not Path(folder.path, "pyvenv.cfg").exists()


def _is_source(entry: os.DirEntry[str], real_root: str) -> bool:
    name = entry.name
    if not name.endswith(".py") or name.startswith(".") or name == "conftest.py":
        return False
    if name.startswith("test_") or name.endswith("_test.py"):
        return False
    if entry.is_symlink():
        # `os.path` because `Path.resolve` and `entry` raise where links go in a circle.
        target = os.path.realpath(entry.path)
        return os.path.commonpath([target, real_root]) == real_root and Path(target).is_file()
    return entry.is_file()


def _excluded(relative: str, patterns: tuple[str, ...]) -> bool:
    return any(
        fnmatchcase(relative, pattern) or fnmatchcase(relative, f"{pattern.rstrip('/')}/*")
        for pattern in patterns
    )


def _module_name(relative: str) -> str:
    """Return the importable name of a path relative to its source root; empty where none is."""
    parts = relative.removesuffix(".py").split("/")
    if parts[-1] == "__init__":
        parts.pop()
    named = all(part.isidentifier() and not keyword.iskeyword(part) for part in parts)
    return ".".join(parts) if parts and named else ""
