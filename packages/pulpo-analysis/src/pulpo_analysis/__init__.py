"""Reads a Pulpo project without running it: discovery, registries, data flow, lint and graphs.

`analyse(root)` is the way in; the `Analysis` that it returns is all that generation reads.
"""

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_analysis.graphs.graph import AppGraph
from pulpo_analysis.pipeline import analyse
from pulpo_analysis.registries.app import AppSpec

__all__ = ["Analysis", "AppGraph", "AppSpec", "Diagnostic", "Severity", "analyse"]
