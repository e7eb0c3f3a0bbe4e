"""The whole analysis of a project as it is kept."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.cache.encoding import encoding_of
from pulpo_analysis.cache.store import Store
from pulpo_analysis.config.settings import ProjectConfig
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.override_facts import ApiOverride
from pulpo_analysis.graphs.graph import AppGraph
from pulpo_analysis.kept import Kept
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowPlan

__all__ = ["KeptAnalysis", "keep_compiled", "knows_last_compile", "last_compiled"]


_LAST: Final = b"last"


@dataclass(frozen=True, slots=True)
class _Answer:
    """An `Analysis` without its folder, which may move, and its state."""

    config: ProjectConfig
    app: AppSpec
    graph: AppGraph
    flows: tuple[FlowPlan, ...]
    diagnostics: tuple[Diagnostic, ...]
    overrides: tuple[ApiOverride, ...]


class KeptAnalysis:
    """The analysis of one project in one state, if there has been one."""

    def __init__(self, root: Path, state: bytes) -> None:
        """Look nothing up yet."""
        self._root = root
        self._state = state
        self._kept = Kept(root, state, "analysis", _Answer)

    def get(self) -> Analysis | None:
        """Return the analysis, `None` where it has to be worked out."""
        kept = self._kept.get()
        return None if kept is None else _analysis(self._root, kept, self._state)

    def put(self, found: Analysis) -> None:
        """Keep an analysis; one about nothing is not worth a folder."""
        if found.app.models or found.app.operations:
            self._kept.put(_answer(found))

    def encoded(self) -> bytes | None:
        """Return the analysis as it is kept, `None` where it is not."""
        return self._kept.encoded()


def keep_compiled(found: Analysis) -> None:
    """Keep an analysis as the one that the whole generated tree was made of."""
    with contextlib.suppress(TypeError, ValueError, RecursionError):
        store = _compiled(found.root)
        kept = KeptAnalysis(found.root, found.state).encoded()
        store.put(kept or encoding_of(_Answer).encode(_answer(found)), _LAST)
        store.tidy()


def knows_last_compile(root: Path) -> bool:
    """Return whether `last_compiled` has an answer to look at."""
    return _compiled(root).get(_LAST) is not None


def last_compiled(root: Path) -> Analysis | None:
    """Return the analysis that the generated tree was made of.

    `None` where nobody compiled all of it here, or a version did whose answers have another shape.
    """
    data = _compiled(root).get(_LAST)
    if data is not None:
        with contextlib.suppress(ValueError):
            return _analysis(root, encoding_of(_Answer).decode(data), b"")
    return None


def _answer(found: Analysis) -> _Answer:
    return _Answer(*(getattr(found, one.name) for one in fields(_Answer)))


def _analysis(root: Path, kept: _Answer, state: bytes) -> Analysis:
    parts = {one.name: getattr(kept, one.name) for one in fields(_Answer)}
    return Analysis(root, **parts, state=state)


def _compiled(root: Path) -> Store:
    # A new version may work out other facts; that is a difference to be shown as any other.
    return Store(root, "compiled", encoding_of(_Answer).shape, spare=0)
