"""The `workflows` target: each flow as a plan for the local engine, and as Prefect code."""

from __future__ import annotations

from typing import Final

from pulpo_base.flows.plan import FlowPlan
from pulpo_codegen.plan import Reads, Row, TableTarget, once, per_flow
from pulpo_codegen.targets.workflows.flows import (
    flow_index,
    flow_module,
    flow_plan,
    flow_runtime,
    prefect_index,
)
from pulpo_codegen.targets.workflows.operations import (
    has_runs,
    operation_places,
    prefect_operations,
)
from pulpo_codegen.targets.workflows.prefect import prefect_flow

__all__ = ["WORKFLOWS"]


def _plan_path(flow: FlowPlan) -> str:
    return f"flows/{flow_module(flow)}.py"


def _prefect_path(flow: FlowPlan) -> str:
    return f"workflows/{flow_module(flow)}.py"


WORKFLOWS: Final = TableTarget(
    "workflows",
    (
        Row(
            template="flows/__init__.py.jinja",
            reads=Reads(flows=("name",), config=("project",)),
            each=once,
            path="flows/__init__.py",
            context=flow_index,
        ),
        Row(
            template="flows/_flow.py.jinja",
            reads=Reads(item=("plan", "steps")),
            each=per_flow,
            path=_plan_path,
            context=flow_plan,
        ),
        Row(
            template="flows/runtime.py.jinja",
            reads=Reads(),
            each=once,
            path="runtime.py",
            context=flow_runtime,
        ),
        Row(
            template="workflows/__init__.py.jinja",
            reads=Reads(flows=("name",), config=("project",)),
            each=once,
            path="workflows/__init__.py",
            context=flow_index,
        ),
        Row(
            template="workflows/_flow.py.jinja",
            reads=Reads(item=("plan", "steps", "step_texts")),
            each=per_flow,
            path=_prefect_path,
            context=prefect_flow,
        ),
        Row(
            template="workflows/prefect_flows.py.jinja",
            reads=Reads(flows=("name",)),
            each=once,
            path="prefect_flows.py",
            context=prefect_index,
        ),
        Row(
            template="workflows/prefect_operations.py.jinja",
            reads=Reads(
                operations=(
                    "name",
                    "class",
                    "file",
                    "description",
                    "inputs",
                    "outputs",
                    "async_enabled",
                )
            ),
            each=once,
            when=has_runs,
            path="prefect_operations.py",
            context=prefect_operations,
            origins=operation_places,
        ),
    ),
    needs=("core",),
)
