"""Calls of flows as tests make them."""

from __future__ import annotations

from typing import Any

from pulpo_base.flows import FlowRuntime
from pulpo_base.flows.parts import part_parameters
from pulpo_base.flows.running import FlowCall


def flow_call(runtime: FlowRuntime, flow: str, given: Any) -> FlowCall:
    """Return the call of a flow with parameters as JSON-like values."""
    definition = runtime.flows[flow]
    model = part_parameters(definition, definition.plan, runtime.operations)
    return FlowCall(flow, definition.plan, model.model_validate(given))
