"""The whole analysis of a project as it is kept."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.config.loading import LoadedConfig
from pulpo_analysis.config.settings import ProjectConfig
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.discovery.override_facts import ApiOverride
from pulpo_analysis.graphs.graph import AppGraph
from pulpo_analysis.kept import Kept
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.records import dataclass

__all__ = ["KeptAnalysis"]


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
    """The analysis of one project in its present state, if there has been one."""

    def __init__(self, root: Path, loaded: LoadedConfig) -> None:
        """Look at every source file."""
        self._root = root
        self._kept = Kept(root, loaded, "analysis", _Answer)

    def get(self) -> Analysis | None:
        """Return the analysis, `None` where it has to be worked out."""
        kept = self._kept.get()
        if kept is None:
            return None
        return Analysis(self._root, *(getattr(kept, one.name) for one in fields(_Answer)))

    def put(self, found: Analysis) -> None:
        """Keep an analysis; one about nothing is not worth a folder."""
        if found.app.models or found.app.operations:
            self._kept.put(_Answer(*(getattr(found, one.name) for one in fields(_Answer))))
