"""`Analysis`: phase 1's answer, and all that phase 2 reads."""

from __future__ import annotations

from pathlib import Path

from pulpo_analysis.config.settings import ProjectConfig
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_analysis.graphs.graph import AppGraph
from pulpo_analysis.registries.app import AppSpec
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.records import dataclass

__all__ = ["Analysis"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is true of a project: facts, graph, decided flows and findings, all sorted.

    `root` is the project's absolute folder; every location is relative to it.
    """

    root: Path
    config: ProjectConfig
    app: AppSpec
    graph: AppGraph
    flows: tuple[FlowPlan, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that stop generation."""
        return tuple(found for found in self.diagnostics if found.severity is Severity.ERROR)

    def flow(self, name: str) -> FlowPlan | None:
        """Return the flow of that top-level name, or `None`."""
        return next((flow for flow in self.flows if flow.name == name), None)
