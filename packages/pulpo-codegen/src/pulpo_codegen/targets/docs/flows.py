"""The page about flows."""

from __future__ import annotations

from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.graphs.mermaid import flow_diagram
from pulpo_base.flows.plan import Binding, BindingSource, FlowPlan, FlowStep
from pulpo_base.specs import SourceLocation
from pulpo_codegen.render.markdown import anchor, md_code
from pulpo_codegen.render.source import Source
from pulpo_codegen.targets.docs.types import (
    FieldView,
    diagram_source,
    field_views,
    operation_link,
    type_text,
)

__all__ = ["FlowsPage", "flow_places", "flows_page"]


@dataclass(frozen=True, slots=True)
class StepView:
    """One step: `after` and `inputs` are ready texts, `-` where there is nothing."""

    number: int
    operation: Source
    after: Source
    inputs: Source
    stage: str


@dataclass(frozen=True, slots=True)
class EdgeView:
    """Why one step runs before another."""

    before: Source
    after: Source
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlowView:
    """One flow; `diagram` is Mermaid text of several lines."""

    name: str
    anchor: Source
    schedule: str
    stages: str
    subflows: tuple[str, ...]
    diagram: Source
    parameters: tuple[FieldView, ...]
    steps: tuple[StepView, ...]
    edges: tuple[EdgeView, ...]
    results: tuple[tuple[Source, Source], ...]


@dataclass(frozen=True, slots=True)
class FlowsPage:
    """The context of `docs/flows.md`."""

    flows: tuple[FlowView, ...]


def flows_page(analysis: Analysis, _item: object) -> FlowsPage:
    """Return the context of the page."""
    return FlowsPage(tuple(_flow(analysis, flow) for flow in analysis.flows))


def flow_places(analysis: Analysis, _item: object) -> tuple[SourceLocation, ...]:
    """Return what the page is about: every operation that is a step."""
    names = [step.operation for flow in analysis.flows for step in flow.steps]
    specs = (analysis.app.operation(name) for name in names)
    return tuple(spec.location for spec in specs if spec is not None)


def _flow(analysis: Analysis, flow: FlowPlan) -> FlowView:
    return FlowView(
        name=flow.name,
        anchor=anchor("flow", flow.name),
        schedule=flow.schedule or "",
        stages=", ".join(str(stage) for stage in flow.stages),
        subflows=flow.subflows,
        diagram=diagram_source(flow_diagram(flow)),
        parameters=field_views(analysis.app, flow.parameters),
        steps=tuple(_step(number, step) for number, step in enumerate(flow.steps, 1)),
        edges=tuple(
            EdgeView(
                before=operation_link(edge.before),
                after=operation_link(edge.after),
                reasons=tuple(str(reason) for reason in edge.reasons),
            )
            for edge in flow.edges
        ),
        results=tuple(
            (operation_link(operation), type_text(analysis.app, ref))
            for operation, ref in flow.results
        ),
    )


def _step(number: int, step: FlowStep) -> StepView:
    return StepView(
        number=number,
        operation=operation_link(step.operation),
        after=Source(", ".join(operation_link(name) for name in step.after) or "-"),
        inputs=Source(", ".join(_binding(binding) for binding in step.bindings) or "-"),
        stage="" if step.stage is None else str(step.stage),
    )


def _binding(binding: Binding) -> Source:
    field = md_code(binding.field)
    match binding.source:
        case BindingSource.PARAMETER:
            return Source(f"{field} from parameter {md_code(binding.name)}")
        case BindingSource.WHOLE_OUTPUT:
            return Source(f"{field} from {operation_link(binding.step)}")
        case BindingSource.OUTPUT_FIELD:
            return Source(f"{field} from {md_code(binding.name)} of {operation_link(binding.step)}")
