"""The page about the project's command line."""

from __future__ import annotations

from dataclasses import dataclass

from pulpo_analysis.analysis import Analysis
from pulpo_base.specs import FieldSpec, OperationSpec
from pulpo_codegen.render.markdown import anchor, md_code, md_link
from pulpo_codegen.render.source import Source
from pulpo_codegen.targets.docs.types import operation_link

__all__ = ["CliPage", "cli_page"]


@dataclass(frozen=True, slots=True)
class CommandView:
    """A command line, what it runs, and what that does."""

    subject: Source
    command: str
    summary: str


@dataclass(frozen=True, slots=True)
class CliPage:
    """The context of `docs/cli.md`."""

    operations: tuple[CommandView, ...]
    flows: tuple[CommandView, ...]


def cli_page(analysis: Analysis, _item: object) -> CliPage:
    """Return the context of the page, operations and flows sorted by name."""
    return CliPage(
        operations=tuple(
            CommandView(
                operation_link(one.name),
                f"./main ops run {one.name}{_options(analysis, one)}",
                one.description.strip().partition("\n")[0],
            )
            for one in sorted(analysis.app.operations, key=lambda one: one.name)
        ),
        flows=tuple(
            CommandView(
                md_link(md_code(flow.name), "flows.md", anchor("flow", flow.name)),
                f"./main flows run {flow.name}" + " --input JSON" * bool(flow.parameters),
                ", ".join(parameter.name for parameter in flow.parameters),
            )
            for flow in sorted(analysis.flows, key=lambda one: one.name)
        ),
    )


def _options(analysis: Analysis, operation: OperationSpec) -> str:
    """Return the options of the required fields; the rest are on `--help`."""
    record = analysis.app.record(operation.inputs.name) if operation.inputs else None
    required = (field for field in record.fields if field.required) if record else ()
    return "".join(f" {_option(field)} …" for field in required)


def _option(field: FieldSpec) -> str:
    return f"--{(field.alias or field.name).replace('_', '-')}"
