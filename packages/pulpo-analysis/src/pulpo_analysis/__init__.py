"""Reads a Pulpo project without running it: discovery, registries, data flow, lint and graphs.

`analyse(root)` is the way in; the `Analysis` that it returns is all that generation reads. Each
name is loaded when it is first asked for: a list of models needs little of all this.
"""

from typing import TYPE_CHECKING

from pulpo_base.lazy import lazy_names

if TYPE_CHECKING:
    from pulpo_analysis.analysis import Analysis
    from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
    from pulpo_analysis.graphs.graph import AppGraph
    from pulpo_analysis.pipeline import analyse
    from pulpo_analysis.registries.app import AppSpec

__all__ = ["Analysis", "AppGraph", "AppSpec", "Diagnostic", "Severity", "analyse"]

__getattr__ = lazy_names(
    __name__,
    {
        "analysis": ("Analysis",),
        "diagnostics.diagnostic": ("Diagnostic", "Severity"),
        "graphs.graph": ("AppGraph",),
        "pipeline": ("analyse",),
        "registries.app": ("AppSpec",),
    },
)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
