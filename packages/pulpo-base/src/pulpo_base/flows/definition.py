"""`FlowDefinition`: a generated flow as the command line and the API hand it around."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulpo_base.flows.plan import FlowPlan

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["FlowDefinition"]


@dataclass(frozen=True, slots=True)
class FlowDefinition:
    """A plan with the pydantic models of what the flow takes and of what it returns."""

    plan: FlowPlan
    parameters: type[BaseModel]
    results: type[BaseModel]
