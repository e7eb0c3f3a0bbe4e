"""Flows at run time: the plan, the local engine and the support of generated Prefect code.

`engine` runs a plan on asyncio, `prefect` is what generated Prefect modules import; neither
knows the other. Each public name is loaded from its module when it is first asked for: who reads
plans pays for no engine, and importing this package imports neither Prefect nor pydantic.
"""

from typing import TYPE_CHECKING

from pulpo_base.lazy import lazy_names

if TYPE_CHECKING:
    from pulpo_base.flows.definition import FlowDefinition
    from pulpo_base.flows.engine import run_plan
    from pulpo_base.flows.limits import TagLimits
    from pulpo_base.flows.plan import (
        Binding,
        BindingSource,
        EdgeReason,
        FlowEdge,
        FlowParameter,
        FlowPlan,
        FlowStep,
        OrderRule,
    )
    from pulpo_base.flows.results import build_results, result_fields
    from pulpo_base.flows.run import (
        FlowError,
        FlowRun,
        FlowStatus,
        StepEvent,
        StepEventKind,
        StepTiming,
    )
    from pulpo_base.flows.runtime import FlowRuntime

__all__ = [
    "Binding",
    "BindingSource",
    "EdgeReason",
    "FlowDefinition",
    "FlowEdge",
    "FlowError",
    "FlowParameter",
    "FlowPlan",
    "FlowRun",
    "FlowRuntime",
    "FlowStatus",
    "FlowStep",
    "OrderRule",
    "StepEvent",
    "StepEventKind",
    "StepTiming",
    "TagLimits",
    "build_results",
    "result_fields",
    "run_plan",
]

__getattr__ = lazy_names(
    __name__,
    {
        "definition": ("FlowDefinition",),
        "engine": ("run_plan",),
        "limits": ("TagLimits",),
        "plan": (
            "Binding",
            "BindingSource",
            "EdgeReason",
            "FlowEdge",
            "FlowParameter",
            "FlowPlan",
            "FlowStep",
            "OrderRule",
        ),
        "results": (
            "build_results",
            "result_fields",
        ),
        "runtime": ("FlowRuntime",),
        "run": (
            "FlowError",
            "FlowRun",
            "FlowStatus",
            "StepEvent",
            "StepEventKind",
            "StepTiming",
        ),
    },
)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
