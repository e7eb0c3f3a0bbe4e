"""Flows at run time: the plan (`plan`), the local engine (`engine`), Prefect's support (`prefect`)."""

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

__all__ = [
    "Binding",
    "BindingSource",
    "EdgeReason",
    "FlowEdge",
    "FlowParameter",
    "FlowPlan",
    "FlowStep",
    "OrderRule",
]
