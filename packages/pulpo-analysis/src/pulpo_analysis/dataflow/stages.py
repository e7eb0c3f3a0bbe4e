"""The order of the stages that a flow's operations name (docs/data-flow.md, rule 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulpo_analysis.diagnostics.catalogue import finding
from pulpo_analysis.diagnostics.diagnostic import Diagnostic
from pulpo_analysis.diagnostics.suggestions import did_you_mean
from pulpo_base.specs import OperationSpec

__all__ = ["Stages", "order_stages"]


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages of one flow, earliest first, and the rank of each operation that has one."""

    names: tuple[int | str, ...]
    ranks: dict[str, int]
    problems: tuple[Diagnostic, ...]


def order_stages(operations: Sequence[OperationSpec], configured: Sequence[str]) -> Stages:
    """Return the order of stages: numbers by value, names by `flows.stages`.

    A name that is not configured, and a flow that uses both numbers and names, cannot be
    ordered; each is a finding.
    """
    staged = [operation for operation in operations if operation.stage is not None]
    problems: list[Diagnostic] = []
    numbers = [op for op in staged if isinstance(op.stage, int)]
    names = [op for op in staged if isinstance(op.stage, str)]
    if numbers and names:
        problems.append(
            finding(
                "PLG004",
                f"stage {names[0].stage!r} of {names[0].name!r} and stage {numbers[0].stage} of "
                f"{numbers[0].name!r} cannot be compared",
                names[0].location,
                numbers[0].location,
                hint="use numbers or names throughout one flow",
            )
        )
        return Stages((), {}, tuple(problems))
    known = [op for op in staged if isinstance(op.stage, int) or op.stage in configured]
    problems.extend(
        finding(
            "PLG004",
            f"stage {operation.stage!r} of {operation.name!r} is not in `flows.stages`",
            operation.location,
            hint=did_you_mean(str(operation.stage), configured)
            or "list the stages in .pulpo.yml, earliest first: `flows: {stages: […]}`",
        )
        for operation in names
        if operation not in known
    )
    used = {op.stage for op in known if op.stage is not None}
    ordered: list[int | str] = [*sorted(stage for stage in used if isinstance(stage, int))]
    ordered.extend(stage for stage in configured if stage in used)
    rank = {stage: index for index, stage in enumerate(ordered)}
    return Stages(
        tuple(ordered),
        {op.name: rank[op.stage] for op in known if op.stage is not None},
        tuple(problems),
    )
