"""A flow as a Mermaid diagram: what GitHub and most Markdown viewers draw."""

from __future__ import annotations

from pulpo_base.flows.plan import FlowPlan
from pulpo_codegen.render.source import Source

__all__ = ["flow_diagram"]


def flow_diagram(flow: FlowPlan) -> Source:
    """Return the steps as boxes and the edges, with their reasons, as arrows."""
    ids = {step.operation: f"s{number}" for number, step in enumerate(flow.steps, 1)}
    lines = ["flowchart TD"]
    lines += [f'    {ids[step.operation]}["{_label(step.operation)}"]' for step in flow.steps]
    for edge in flow.edges:
        reasons = ", ".join(_label(str(reason)) for reason in edge.reasons)
        arrow = f'-->|"{reasons}"|' if reasons else "-->"
        lines.append(f"    {ids[edge.before]} {arrow} {ids[edge.after]}")
    return Source("\n".join(lines))


def _label(text: str) -> str:
    """Return `text` for use in quotes; what Mermaid may act upon becomes a character code."""
    line = " ".join(text.split())
    return "".join(
        character if character.isalnum() or character in " _.,:/()-" else f"#{ord(character)};"
        for character in line
    )
