"""Flows at run time: the plan, the local engine and the support of generated Prefect code."""

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
