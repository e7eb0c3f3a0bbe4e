"""What will be generated: targets are tables, a plan is their rows for one project."""

from typing import TYPE_CHECKING

from pulpo_base.lazy import lazy_names

if TYPE_CHECKING:
    from pulpo_codegen.plan.planner import Plan, make_plan
    from pulpo_codegen.plan.reads import Reads
    from pulpo_codegen.plan.row import EXECUTABLE, REGULAR, PlanRow, Target
    from pulpo_codegen.plan.table import Row, TableTarget, once, per_flow, per_model, per_operation

__all__ = [
    "EXECUTABLE",
    "REGULAR",
    "Plan",
    "PlanRow",
    "Reads",
    "Row",
    "TableTarget",
    "Target",
    "make_plan",
    "once",
    "per_flow",
    "per_model",
    "per_operation",
]

__getattr__ = lazy_names(
    __name__,
    {
        "planner": (
            "Plan",
            "make_plan",
        ),
        "reads": ("Reads",),
        "row": (
            "EXECUTABLE",
            "REGULAR",
            "PlanRow",
            "Target",
        ),
        "table": (
            "Row",
            "TableTarget",
            "once",
            "per_flow",
            "per_model",
            "per_operation",
        ),
    },
)
