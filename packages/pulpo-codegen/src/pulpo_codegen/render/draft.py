"""`FileDraft`: the text of one output file, not yet checked."""

from __future__ import annotations

from dataclasses import dataclass, field

from pulpo_codegen.plan.row import PlanRow

__all__ = ["FileDraft"]


@dataclass(frozen=True, slots=True)
class FileDraft:
    """A row of the plan and what its template made of it, header included."""

    row: PlanRow
    text: str = field(repr=False)
