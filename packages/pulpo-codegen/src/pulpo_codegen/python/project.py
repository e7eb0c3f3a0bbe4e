"""What every generated module needs to know of the project."""

from __future__ import annotations

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.registries.app import AppSpec
from pulpo_codegen.layout import GENERATED, OVERRIDES
from pulpo_codegen.python.imports import Imports
from pulpo_codegen.python.names import Names

__all__ = ["first_party", "imports_for"]


def imports_for(analysis: Analysis, *reserved: str) -> Imports:
    """Return an empty set of imports; `reserved` are the names that the template defines."""
    return Imports(Names(*reserved), first_party(analysis.app))


def first_party(app: AppSpec) -> frozenset[str]:
    """Return the top-level packages of the project, the generated one included."""
    return frozenset({GENERATED, OVERRIDES, *app.packages})
