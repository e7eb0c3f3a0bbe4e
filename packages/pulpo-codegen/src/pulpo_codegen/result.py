"""`CompileResult`: what a compile did, or would do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulpo_analysis.diagnostics.diagnostic import Diagnostic, Severity
from pulpo_codegen.write.plan import WritePlan

if TYPE_CHECKING:
    from pulpo_codegen.plan import TableTarget

__all__ = ["CompileResult"]


@dataclass(frozen=True, slots=True)
class CompileResult:
    """What a compile did, or with `dry_run` would do.

    `diagnostics` holds the analysis' findings and those of generation, sorted. `targets` names
    the targets that were asked for. `applied` is whether the tree now is what `plan` says.
    `tables` are those of the targets that say which facts their files show.
    """

    plan: WritePlan
    diagnostics: tuple[Diagnostic, ...]
    targets: tuple[str, ...]
    applied: bool
    tables: tuple[TableTarget, ...] = field(default=(), repr=False)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings because of which nothing, or not everything, was written."""
        return tuple(found for found in self.diagnostics if found.severity is Severity.ERROR)
