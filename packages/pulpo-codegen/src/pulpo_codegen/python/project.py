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
    modules = {
        *(model.module for model in app.models),
        *(schema.module for schema in app.schemas),
        *(enum.module for enum in app.enums),
        *(operation.module for operation in app.operations),
        # Of exceptions, only the project's own and those of our library have a known code.
        *(raised.module for op in app.operations for raised in op.raises if raised.code),
    } - {"pulpo_utils.exceptions"}
    return frozenset({GENERATED, OVERRIDES, *(module.partition(".")[0] for module in modules)})
