"""The last answer about a project, for as long as nothing that it was made of has changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from dataclasses import fields
from functools import cache
from pathlib import Path

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.cache.encoding import Encoding
from pulpo_analysis.cache.store import Store
from pulpo_analysis.config.loading import LoadedConfig
from pulpo_analysis.config.settings import ProjectConfig
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.files import source_roots, source_tree
from pulpo_analysis.discovery.override_facts import API_OVERRIDES, ApiOverride
from pulpo_analysis.graphs.graph import AppGraph
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.records import dataclass

__all__ = ["KeptAnalysis", "keep_compiled", "knows_last_compile", "last_compiled"]

#: Files besides the sources that may say how a project is judged.
_JUDGED_BY = (".pulpo.yml", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class _Answer:
    """An `Analysis` without the folder, which may move; the fields are in the same order."""

    config: ProjectConfig
    app: AppSpec
    graph: AppGraph
    flows: tuple[FlowPlan, ...]
    diagnostics: tuple[Diagnostic, ...]
    overrides: tuple[ApiOverride, ...]


class KeptAnalysis:
    """The answer about one project in its present state, if there has been one."""

    def __init__(self, root: Path, loaded: LoadedConfig) -> None:
        """Look at every source file; where one cannot be read, nothing is kept."""
        self._root = root
        self._key = None if loaded.diagnostics else _state(root, loaded.config)
        self._store = Store(root, "analysis", _version(), spare=3)

    def get(self) -> Analysis | None:
        """Return the answer, `None` where it has to be worked out."""
        data = self._store.get(self._key) if self._key else None
        return _decoded(self._root, data)

    def put(self, found: Analysis) -> None:
        """Keep an answer; one about nothing is not worth a folder."""
        if not self._key or not (found.app.models or found.app.operations):
            return
        with contextlib.suppress(TypeError, ValueError, RecursionError):
            self._store.put(_encoded(found), self._key)
            self._store.tidy()


def keep_compiled(found: Analysis) -> None:
    """Keep an answer as the one that the whole generated tree was made of."""
    with contextlib.suppress(TypeError, ValueError, RecursionError):
        store = _compiled(found.root)
        store.put(_encoded(found), _LAST)
        store.tidy()


def last_compiled(root: Path) -> Analysis | None:
    """Return the answer that the generated tree was made of.

    `None` where nobody compiled all of it here, or a version did whose answers have another shape.
    """
    return _decoded(root, _compiled(root).get(_LAST))


def knows_last_compile(root: Path) -> bool:
    """Return whether `last_compiled` has an answer to look at."""
    return _compiled(root).get(_LAST) is not None


_LAST = b"last"


def _compiled(root: Path) -> Store:
    # A new version may work out other facts; that is a difference to be shown as any other.
    return Store(root, "compiled", _encoding().shape, spare=0)


def _encoded(found: Analysis) -> bytes:
    return _encoding().encode(_Answer(*(getattr(found, one.name) for one in fields(_Answer))))


def _decoded(root: Path, data: bytes | None) -> Analysis | None:
    if data is not None:
        with contextlib.suppress(ValueError):
            kept: _Answer = _encoding().decode(data)
            return Analysis(root, *(getattr(kept, one.name) for one in fields(kept)))
    return None


@cache
def _encoding() -> Encoding:
    return Encoding(_Answer)


def _state(root: Path, config: ProjectConfig) -> bytes | None:
    """Return a digest of all that an answer is made of, `None` where some of it is not readable."""
    tree = source_tree(root, config.discovery)
    if tree.diagnostics:
        return None
    digest = hashlib.blake2b(f"{root.name}\n{source_roots(root, config.discovery)}".encode())
    try:
        for file in tree.files:
            source = file.path.read_bytes()
            digest.update(f"{file.relative}\n{file.module}\n{len(source)}\n".encode())
            digest.update(source)
        # Overrides count wherever the source roots are.
        overrides = sorted((root / API_OVERRIDES).glob("*.py"))
        for path in (*(root / name for name in _JUDGED_BY), *overrides):
            text = path.read_bytes() if path.is_file() else b""
            digest.update(f"{path.name}\n{len(text)}\n".encode())
            digest.update(text)
    except (OSError, ValueError):
        return None
    return digest.digest()


@cache
def _version() -> str:
    """Return what an answer depends on besides the project: Python, and the code of ours."""
    ours = [Path(__file__).parent, Path(sys.modules[FlowPlan.__module__].__file__ or "").parents[1]]
    marks = []
    for package in ours:
        for folder, folders, names in os.walk(package):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(names):
                state = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - one per file
                marks.append(f"{folder}/{name} {state.st_size} {state.st_mtime_ns}")
    return "\n".join([sys.version, _encoding().shape, *marks])
