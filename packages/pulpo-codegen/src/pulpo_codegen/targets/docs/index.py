"""The first page of the docs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_analysis.graphs.mermaid import system_diagram
from pulpo_codegen.render.markdown import anchor, md_code, md_link
from pulpo_codegen.render.source import Source
from pulpo_codegen.targets.docs.types import diagram_source

__all__ = ["IndexPage", "index_page"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A link and the first line of what it leads to."""

    link: Source
    summary: str


@dataclass(frozen=True, slots=True)
class Section:
    """A list of entries; `heading` is a link to the page that they are on."""

    heading: Source
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class IndexPage:
    """The context of `docs/index.md`; `diagram` is Mermaid text of several lines."""

    title: str
    description: str
    diagram: Source
    sections: tuple[Section, ...]
    others: tuple[Entry, ...]


def index_page(analysis: Analysis, _item: object) -> IndexPage:
    """Return the context of the page."""
    app, project = analysis.app, analysis.config.project
    models = ((model.name, model.description) for model in app.models)
    operations = ((operation.name, operation.description) for operation in app.operations)
    flows = ((flow.name, _steps(len(flow.steps))) for flow in analysis.flows)
    return IndexPage(
        title=project.title or project.name or app.name,
        description=project.description,
        diagram=diagram_source(system_diagram(analysis.graph)),
        sections=(
            Section(Source("[Models](models.md)"), _entries("models.md", "model", models)),
            Section(
                Source("[Operations](operations.md)"),
                _entries("operations.md", "operation", operations),
            ),
            Section(Source("[Flows](flows.md)"), _entries("flows.md", "flow", flows)),
        ),
        others=(
            Entry(Source("[HTTP API](api.md)"), "every route, and what it wants"),
            Entry(Source("[Command line](cli.md)"), "what ./main does with them"),
            Entry(Source("[Errors](errors.md)"), "what operations refuse, and how it is told"),
        ),
    )


def _entries(page: str, kind: str, items: Iterable[tuple[str, str]]) -> tuple[Entry, ...]:
    return tuple(
        Entry(md_link(md_code(name), page, anchor(kind, name)), summary.strip().partition("\n")[0])
        for name, summary in sorted(items)
    )


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"
