"""`Analysis`: phase 1's answer, and all that phase 2 reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pulpo_analysis.config.settings import ProjectConfig
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_analysis.discovery.override_facts import ApiOverride
from pulpo_analysis.graphs.graph import AppGraph
from pulpo_analysis.registries.app import AppSpec
from pulpo_analysis.registries.overriding import override_stem
from pulpo_base.flows.plan import FlowPlan
from pulpo_base.specs import ModelSpec

__all__ = ["Analysis"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is true of a project: facts, graph, decided flows and findings, all sorted.

    `root` is the project's absolute folder; every location is relative to it. `overrides` are
    the files by which the project changes generated routes. `state` is a digest of every file that
    this was worked out from, empty where that is not known.
    """

    root: Path
    config: ProjectConfig
    app: AppSpec
    graph: AppGraph
    flows: tuple[FlowPlan, ...]
    diagnostics: tuple[Diagnostic, ...]
    overrides: tuple[ApiOverride, ...] = ()
    state: bytes = field(default=b"", compare=False, repr=False)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that stop generation."""
        return tuple(found for found in self.diagnostics if found.severity is Severity.ERROR)

    def flow(self, name: str) -> FlowPlan | None:
        """Return the flow of that top-level name, or `None`."""
        return next((flow for flow in self.flows if flow.name == name), None)

    def override(self, model: ModelSpec) -> ApiOverride | None:
        """Return the file that changes the routes of a model, `None` where there is none."""
        stem = override_stem(model)
        return next((one for one in self.overrides if one.stem == stem), None)
